using System.Collections.Concurrent;

namespace LbTcp.Hosting;

/// <summary>
/// The requests for a reload that wait for the next one, which serves all of them. Safe for use by any number of threads.
/// </summary>
internal sealed class ReloadRequests
{
    private readonly ConcurrentQueue<TaskCompletionSource<ReloadOutcome>> _awaited = [];
    private int _signals;
    private volatile bool _isClosed;

    /// <summary>Whether there are any.</summary>
    public bool Any => Volatile.Read(ref _signals) > 0 || !_awaited.IsEmpty;

    /// <summary>Adds a request that expects no answer.</summary>
    public void Signal() => _ = Interlocked.Increment(ref _signals);

    /// <summary>Adds a request.</summary>
    /// <returns>The outcome of the reload.</returns>
    public Task<ReloadOutcome> Add()
    {
        var requested = new TaskCompletionSource<ReloadOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited.Enqueue(requested);
        if (_isClosed)
            Refuse();
        return requested.Task;
    }

    /// <summary>Takes all requests.</summary>
    public Taken Take()
    {
        bool isSignalled = Interlocked.Exchange(ref _signals, 0) > 0;
        List<TaskCompletionSource<ReloadOutcome>> taken = [];
        while (_awaited.TryDequeue(out TaskCompletionSource<ReloadOutcome>? requested))
            taken.Add(requested);
        return new Taken(isSignalled, taken);
    }

    /// <summary>Refuses the requests that wait, and those that come from now on.</summary>
    public void Close()
    {
        _isClosed = true;
        Refuse();
    }

    private void Refuse() => Take().Answer(ReloadOutcome.Stopping);

    /// <summary>Requests that one reload serves.</summary>
    /// <param name="IsSignalled">Whether any of them expects no answer.</param>
    /// <param name="Awaited">Those that expect one.</param>
    internal readonly record struct Taken(bool IsSignalled, IReadOnlyList<TaskCompletionSource<ReloadOutcome>> Awaited)
    {
        /// <summary>Whether any of them expects an answer.</summary>
        public bool IsAwaited => Awaited.Count > 0;

        /// <summary>Answers those that expect it.</summary>
        public void Answer(ReloadOutcome outcome)
        {
            foreach (TaskCompletionSource<ReloadOutcome> requested in Awaited)
                requested.SetResult(outcome);
        }
    }
}
