using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Metrics;

/// <summary>Gives all metrics of one collection the same counts of the process, read once. Safe for use by several threads.</summary>
/// <param name="view">The process.</param>
internal sealed class CountsReader(IHostView view)
{
    private readonly Lock _gate = new();
    private readonly HashSet<object> _served = [];
    private HostCounts? _counts;
    private HostCounts? _offered;

    /// <summary>Is called at the begin of each collection, with its counts, on the thread that collects.</summary>
    public event Action<HostCounts>? Began;

    /// <summary>Gives the next collection counts that were just read.</summary>
    public void Offer(HostCounts counts) => _offered = counts;

    /// <summary>
    /// Returns the counts of this collection. A collection asks for each metric once, so one that asks again has begun another one.
    /// </summary>
    public HostCounts Read(object metric)
    {
        lock (_gate)
        {
            if (_counts is null || !_served.Add(metric))
            {
                _served.Clear();
                _served.Add(metric);
                _counts = Interlocked.Exchange(ref _offered, null) ?? view.ReadCounts();
                Began?.Invoke(_counts);
            }

            return _counts;
        }
    }
}
