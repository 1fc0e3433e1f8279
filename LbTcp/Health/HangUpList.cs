using LbTcp.Connections;

namespace LbTcp.Health;

/// <summary>
/// The connections of finished probes of one service that wait for the backend to close them, so that no reset is sent needlessly. Safe for
/// use by any number of threads.
/// </summary>
/// <param name="places">The places, which the services of the process share.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class HangUpList(HangUpPlaces places, TimeProvider timeProvider)
{
    // The time that a backend has to close after its answer.
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromMilliseconds(500);

    private readonly ProbeDeadlines _deadlines = new(timeProvider);
    private readonly RunningCount _running = new();

    /// <summary>
    /// Takes over a connection: sends the goodbye, or else FIN, waits until the backend has closed it as well, and disposes it.
    /// </summary>
    /// <param name="connection">The connection; called on its thread.</param>
    /// <param name="goodbye">The message after which the backend closes first; empty if the protocol has none.</param>
    /// <param name="stopping">Ends the wait.</param>
    public void Add(IConnection connection, ReadOnlyMemory<byte> goodbye, CancellationToken stopping)
    {
        LinkedListNode<IConnection> place = places.Take(connection);
        _running.Begin();
        _ = HangUpAsync(place, goodbye, stopping); // never throws
    }

    /// <summary>Completes when every connection was closed. None may be added after this call.</summary>
    public Task WhenIdleAsync() => _running.WhenIdleAsync();

    private async Task HangUpAsync(LinkedListNode<IConnection> place, ReadOnlyMemory<byte> goodbye, CancellationToken stopping)
    {
        try
        {
            using ProbeDeadline deadline = _deadlines.Begin(_closeTimeout, stopping);
            if (!goodbye.IsEmpty)
                _ = await place.Value.Output.WriteAsync(goodbye, deadline.Token).ConfigureAwait(false);
            await LingeringClose.Begin(place.Value, isPeerFirst: !goodbye.IsEmpty, deadline.Token).Completion.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ConnectionException or OperationCanceledException)
        {
            // The result of the probe is known; the way in which the backend closes does not change it.
        }
        finally
        {
            places.Leave(place);
            await place.Value.DisposeAsync().ConfigureAwait(false);
            _running.End();
        }
    }
}
