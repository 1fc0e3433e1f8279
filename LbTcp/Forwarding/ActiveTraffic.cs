namespace LbTcp.Forwarding;

/// <summary>
/// The backends whose counts may have changed since they were read last, so that reading costs nothing for the others. A backend joins by
/// itself with the first event after a pause; only one reader at a time may use the other members.
/// </summary>
internal sealed class ActiveTraffic
{
    private readonly List<BackendTraffic> _known = [];
    private BackendTraffic? _joined; // linked through themselves

    /// <summary>The active backends, as of the last <see cref="Update"/>.</summary>
    public IReadOnlyList<BackendTraffic> Known => _known;

    /// <summary>Adds a backend that is not among them. May be called from any thread; neither locks nor allocates.</summary>
    public void Join(BackendTraffic traffic)
    {
        BackendTraffic? first = Volatile.Read(ref _joined);
        do
            traffic.NextJoined = first;
        while (first != (first = Interlocked.CompareExchange(ref _joined, traffic, first)));
    }

    /// <summary>Adds those that have joined since the last call.</summary>
    public void Update()
    {
        BackendTraffic? next = Interlocked.Exchange(ref _joined, null);
        while (next is { } joined)
        {
            next = joined.NextJoined;
            joined.NextJoined = null;
            _known.Add(joined);
        }
    }

    /// <summary>Removes those that have nothing to count at the moment.</summary>
    public void RemovePaused() => _ = _known.RemoveAll(static traffic => traffic.TryPause());
}
