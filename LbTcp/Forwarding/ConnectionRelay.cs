using System.Runtime.CompilerServices;
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
        // Nothing but this waits in an idle connection: what it holds is most of the memory that such a connection takes.
        Task toBackend = connection.Client.Input.CopyToAsync(backend.Output);
        Task toClient = backend.Input.CopyToAsync(connection.Client.Output);
        bool isClientFirst = await Task.WhenAny(toBackend, toClient) == toBackend;
        await (isClientFirst
            ? FinishAsync(connection, backend, ConnectionSide.Client, toBackend, toClient)
            : FinishAsync(connection, backend, ConnectionSide.Backend, toClient, toBackend));
    }

    /// <summary>Sees both directions to their ends, <paramref name="first"/> the one that ended first, from <paramref name="side"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask FinishAsync(ActiveConnection connection, IConnection backend, ConnectionSide side, Task first, Task second)
    {
        try
        {
            await PassEndAsync(connection, backend, side, first);
        }
        finally
        {
            // Even after a defect: what the other direction uses is about to be released.
            await PassEndAsync(connection, backend, Opposite(side), second);
        }

        if (connection.Failure is not { } failure)
            return;

        // A direction that had finished in order may still have bytes on their way: they arrive before the reset.
        await ResetAsync(connection.Client, failure);
        await ResetAsync(backend, failure);
    }

    /// <summary>Waits until everything from <paramref name="side"/> was copied, and tells the other side how that ended.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask PassEndAsync(ActiveConnection connection, IConnection backend, ConnectionSide side, Task copy)
    {
        (IConnection source, IConnection destination) = side is ConnectionSide.Client ? (connection.Client, backend) : (backend, connection.Client);
        try
        {
            await copy;
            connection.SideEnded(side);
            await destination.Output.CompleteAsync();
        }
        catch (ConnectionException failure)
        {
            bool isSource = failure.Connection == source;
            connection.SideFailed(isSource ? side : Opposite(side), failure);

            // When the destination failed, the other direction is about to read the same failure, behind what was received before it.
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

        await connection.ReturnAsync(); // the peer's acknowledgements were waited for elsewhere
    }

    private static ConnectionSide Opposite(ConnectionSide side) =>
        side is ConnectionSide.Client ? ConnectionSide.Backend : ConnectionSide.Client;
}
