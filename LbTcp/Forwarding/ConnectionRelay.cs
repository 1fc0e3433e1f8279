using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Copies bytes both ways between a client and its backend until both have finished. FIN on one side becomes FIN on the other while the
/// opposite direction goes on; a failure of one side reaches the other as a reset, after everything that was received before it.
/// </summary>
internal static class ConnectionRelay
{
    /// <summary>
    /// Runs to the end of both directions. What peers do is told to <paramref name="connection"/>, not thrown.
    /// </summary>
    public static async Task RunAsync(ActiveConnection connection, IConnection backend)
    {
        IConnection client = connection.Client;
        Task toBackend = PumpAsync(connection, client, backend, ConnectionSide.Client);
        Task toClient = PumpAsync(connection, backend, client, ConnectionSide.Backend);
        try
        {
            await toBackend;
        }
        finally
        {
            await toClient; // even after a defect: what it uses is about to be released
        }

        if (connection.Failure is not { } failure)
            return;

        // A direction that had finished in order may still have bytes on their way: they arrive before the reset.
        await ResetAsync(client, failure);
        await ResetAsync(backend, failure);
    }

    private static async Task PumpAsync(ActiveConnection connection, IConnection source, IConnection destination, ConnectionSide sourceSide)
    {
        try
        {
            await source.Input.CopyToAsync(destination.Output);
            connection.SideEnded(sourceSide);
            await destination.Output.CompleteAsync();
        }
        catch (ConnectionException failure)
        {
            bool isSource = failure.Connection == source;
            connection.SideFailed(isSource ? sourceSide : Opposite(sourceSide), failure);

            // When the destination failed, the other pump is about to read the same failure, behind what was received before it.
            if (isSource)
                await ResetAsync(destination, failure);
        }
        catch
        {
            connection.End(ConnectionEndReason.InternalError); // ends the other direction, too
            throw;
        }
    }

    private static async ValueTask ResetAsync(IConnection connection, ConnectionException failure)
    {
        try
        {
            await connection.Output.CompleteAsync(failure);
        }
        catch (ConnectionException)
        {
            connection.Abort(); // it failed as well; the first failure is the one that counts
        }
    }

    private static ConnectionSide Opposite(ConnectionSide side) =>
        side is ConnectionSide.Client ? ConnectionSide.Backend : ConnectionSide.Client;
}
