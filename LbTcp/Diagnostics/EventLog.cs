namespace LbTcp.Diagnostics;

/// <summary>The latest events, up to a limit. Safe for use by any number of threads; adding never waits for a reader.</summary>
/// <param name="capacity">The maximum number of events that are kept.</param>
internal sealed class EventLog(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<EventRecord> _events = new();
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastId;

    /// <summary>The id of the latest event; 0 if there was none.</summary>
    public long LastId => Volatile.Read(ref _lastId);

    /// <summary>Adds an event, and drops the oldest one if there are too many.</summary>
    /// <param name="create">Creates the event with the id that it is given; must not block.</param>
    public EventRecord Add(Func<long, EventRecord> create)
    {
        TaskCompletionSource added;
        EventRecord record;
        lock (_gate)
        {
            record = create(_lastId + 1);
            if (_events.Count == capacity)
                _ = _events.Dequeue();
            _events.Enqueue(record);
            Volatile.Write(ref _lastId, record.Id);
            added = _added;
            _added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        added.SetResult();
        return record;
    }

    /// <summary>The kept events with an id above <paramref name="id"/>, the oldest first.</summary>
    public IReadOnlyList<EventRecord> After(long id)
    {
        lock (_gate)
            return [.. _events.Where(record => record.Id > id)];
    }

    /// <summary>Completes when there is an event with an id above <paramref name="id"/>.</summary>
    public async Task WhenAfterAsync(long id, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task added;
            lock (_gate)
            {
                if (_lastId > id)
                    return;
                added = _added.Task;
            }

            await added.WaitAsync(cancellationToken);
        }
    }
}
