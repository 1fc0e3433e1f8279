using LbTcp.Connections;

namespace LbTcp.Health;

/// <summary>
/// The connections of finished probes that wait for the backend to close them, so that no reset is sent needlessly. When there are too
/// many, the oldest is reset. Shared by all services of the process; safe for use by any number of threads.
/// </summary>
/// <param name="limit">The maximum number of connections; at least 1.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class HangUpList(int limit, TimeProvider timeProvider)
{
    // The time that a backend has to close after its answer.
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromMilliseconds(500);

    private readonly ProbeDeadlines _deadlines = new(timeProvider);
    private readonly LinkedList<IConnection> _waiting = new();
    private readonly Lock _gate = new();
    private readonly RunningCount _running = new();

    /// <summary>
    /// Takes over a connection: sends FIN, waits until the backend has closed it as well, and disposes it.
    /// </summary>
    /// <param name="connection">The connection; called on its thread.</param>
    /// <param name="stopping">Ends the wait.</param>
    public void Add(IConnection connection, CancellationToken stopping)
    {
        var entry = new LinkedListNode<IConnection>(connection);
        IConnection? oldest = null;
        lock (_gate)
        {
            if (_waiting.Count == limit)
            {
                oldest = _waiting.First!.Value;
                _waiting.RemoveFirst();
            }

            _waiting.AddLast(entry);
        }

        oldest?.Abort();
        _running.Begin();
        _ = HangUpAsync(entry, stopping); // never throws
    }

    /// <summary>Completes when every connection was closed. None may be added after this call.</summary>
    public Task WhenIdleAsync() => _running.WhenIdleAsync();

    private async Task HangUpAsync(LinkedListNode<IConnection> entry, CancellationToken stopping)
    {
        try
        {
            using ProbeDeadline deadline = _deadlines.Begin(_closeTimeout, stopping);
            await LingeringClose.Begin(entry.Value, deadline.Token).Completion.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ConnectionException or OperationCanceledException)
        {
            // The result of the probe is known; the way in which the backend closes does not change it.
        }
        finally
        {
            lock (_gate)
            {
                if (entry.List is not null)
                    _waiting.Remove(entry);
            }

            await entry.Value.DisposeAsync().ConfigureAwait(false);
            _running.End();
        }
    }
}
