using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>All that is remembered about the health of one backend. Not thread-safe except as said.</summary>
internal sealed class BackendHealth(Backend backend, HealthTracker checks, OutlierTracker traffic)
{
    private bool _isProbeWanted;

    /// <summary>Whom it is about.</summary>
    public Backend Backend { get; } = backend;

    /// <summary>What the checks so far amount to.</summary>
    public HealthTracker Checks { get; } = checks;

    /// <summary>What real traffic so far amounts to.</summary>
    public OutlierTracker Traffic { get; } = traffic;

    /// <summary>Whether it is down for what real traffic said, and for nothing else.</summary>
    public bool IsEjected => Traffic.IsEjected && !Backend.IsHealthy;

    /// <summary>Asks for a check now instead of at its time. From any thread.</summary>
    public void WantProbe() => Volatile.Write(ref _isProbeWanted, true);

    /// <summary>Whether a check was asked for since the last call. From any thread.</summary>
    public bool TakeProbeWish() => Volatile.Read(ref _isProbeWanted) && Interlocked.Exchange(ref _isProbeWanted, false);
}
