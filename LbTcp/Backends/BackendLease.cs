namespace LbTcp.Backends;

/// <summary>
/// One connection's slot at a backend, from the pick to the end of the connection. It counts as busy until the backend has finished, and as
/// open until it is released. May be used from any thread.
/// </summary>
internal sealed class BackendLease
{
    private const int Busy = 0;
    private const int Finished = 1;
    private const int Released = 2;

    private int _state = Busy;
    private ushort _choices; // this and what follows take no memory: objects are a multiple of eight bytes long

    /// <summary>Called by <see cref="Backend.TryAcquire"/>, which has acquired the slot.</summary>
    internal BackendLease(Backend backend)
    {
        Backend = backend;
        WasHealthy = backend.IsHealthy;
    }

    /// <summary>The backend.</summary>
    public Backend Backend { get; }

    /// <summary>Whether the backend was healthy when the slot was acquired.</summary>
    public bool WasHealthy { get; }

    /// <summary>Where the backend was picked from.</summary>
    public PickTier Tier { get; private set; }

    /// <summary>The number of backends that were available at the pick, at most 65,535.</summary>
    public int Choices => _choices;

    /// <summary>Records the circumstances of the pick.</summary>
    /// <param name="tier">Where the backend was picked from.</param>
    /// <param name="choices">The number of backends that were available.</param>
    public void PickedFrom(PickTier tier, int choices)
    {
        Tier = tier;
        _choices = (ushort)Math.Min(choices, ushort.MaxValue);
    }

    /// <summary>Reports that the backend has finished: the connection no longer counts as busy. Further calls have no effect.</summary>
    public void EndUse()
    {
        if (Interlocked.CompareExchange(ref _state, Finished, Busy) == Busy)
            Backend.EndUse();
    }

    /// <summary>Releases the slot. Must be called after the connection to the backend is closed. Further calls have no effect.</summary>
    /// <returns>Whether this call released it.</returns>
    public bool Release()
    {
        int before = Interlocked.Exchange(ref _state, Released);
        if (before == Released)
            return false;
        Backend.Release(endsUse: before == Busy);
        return true;
    }
}
