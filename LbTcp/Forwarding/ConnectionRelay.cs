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
    /// Runs to the end of both directions. What peers do is reported to <paramref name="connection"/>, not thrown.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask RunAsync(ActiveConnection connection, IConnection backend)
    {
        // Nothing but this waits in an idle connection: what it holds is most of the memory that such a connection takes. Transfers, and
        // the pooled methods below, complete on the connection's thread by themselves: asking for its context would cost a post each time.
        var race = new TransferRace();
        connection.BytesMove(
            Transfer.Begin(connection.Client.Input, backend.Output, race),
            Transfer.Begin(backend.Input, connection.Client.Output, race));
        Transfer first = await race.FirstAsync().ConfigureAwait(false);
        await FinishAsync(connection, first == connection.ToBackend ? ConnectionSide.Client : ConnectionSide.Backend).ConfigureAwait(false);
    }

    /// <summary>Sees both directions to their ends; the one from <paramref name="first"/> ended first.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask FinishAsync(ActiveConnection connection, ConnectionSide first)
    {
        try
        {
            await PassEndAsync(connection, first).ConfigureAwait(false);
        }
        finally
        {
            // Even after a defect: what the other direction uses is about to be released.
            await PassEndAsync(connection, Opposite(first)).ConfigureAwait(false);
        }

        if (connection.Failure is not { } failure)
            return;

        // A direction that had finished in order may still have bytes on their way: they arrive before the reset.
        await ResetAsync(connection.Client, failure);
        await ResetAsync(connection.Dial.Connection!, failure);
    }

    /// <summary>Waits until everything from <paramref name="side"/> was copied, and tells the other side how that ended.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask PassEndAsync(ActiveConnection connection, ConnectionSide side)
    {
        Transfer transfer = side is ConnectionSide.Client ? connection.ToBackend! : connection.ToClient!;
        IConnection destination = side is ConnectionSide.Client ? connection.Dial.Connection! : connection.Client;
        try
        {
            await transfer.Completion.ConfigureAwait(false);
            connection.SideEnded(side);
            await destination.Output.CompleteAsync();
        }
        catch (ConnectionException failure)
        {
            connection.SideFailed(failure);

            // When the destination failed, the other direction is about to read the same failure, behind what was received before it.
            if (failure.Side == side)
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
