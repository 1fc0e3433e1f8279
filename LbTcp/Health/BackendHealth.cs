using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>The health record of one backend. Not thread-safe unless noted otherwise.</summary>
internal sealed class BackendHealth(Backend backend, HealthTracker checks, OutlierTracker traffic)
{
    private bool _isProbeRequested;

    /// <summary>The backend.</summary>
    public Backend Backend { get; } = backend;

    /// <summary>Counts the results of checks.</summary>
    public HealthTracker Checks { get; } = checks;

    /// <summary>Tracks real traffic: failures in a row and ejections.</summary>
    public OutlierTracker Traffic { get; } = traffic;

    /// <summary>Whether the backend is unhealthy because of real traffic alone.</summary>
    public bool IsEjected => Traffic.IsEjected && !Backend.IsHealthy;

    /// <summary>Whether the backend may flip soon, so that its next check should come early.</summary>
    public bool IsBetweenStates => Checks.IsBetweenStates || IsEjected;

    /// <summary>Ends an ejection that is void because the backend was marked healthy from outside.</summary>
    public void EndVoidEjection()
    {
        if (Backend.IsHealthy && Traffic.IsEjected)
            Traffic.Return();
    }

    /// <summary>Requests a check ahead of its schedule. May be called from any thread.</summary>
    public void RequestProbe() => Volatile.Write(ref _isProbeRequested, true);

    /// <summary>Returns whether a check was requested since the last call. May be called from any thread.</summary>
    public bool TakeProbeRequest() => Volatile.Read(ref _isProbeRequested) && Interlocked.Exchange(ref _isProbeRequested, false);
}
