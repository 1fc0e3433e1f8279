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
    /// Begins to copy in both directions. Completes on the connection's thread when the first of them has ended, which
    /// <see cref="FinishAsync"/> takes on from. No method of its own waits for that: an idle connection is nothing but this wait, and the
    /// state of one more method would be an eighth of its memory.
    /// </summary>
    public static ValueTask<Transfer> Begin(ActiveConnection connection, IConnection backend)
    {
        var race = new TransferRace();
        connection.BytesMove(
            Transfer.Begin(connection.Client, backend, race),
            Transfer.Begin(backend, connection.Client, race));
        return race.FirstAsync();
    }

    /// <summary>
    /// Sees both directions to their ends. What peers do is reported to <paramref name="connection"/>, not thrown. Transfers and pooled
    /// methods complete on the connection's thread by themselves: asking for its context would cost a post each time.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="ended">The direction that ended first.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask FinishAsync(ActiveConnection connection, Transfer ended)
    {
        ConnectionSide first = ended == connection.ToBackend ? ConnectionSide.Client : ConnectionSide.Backend;
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
