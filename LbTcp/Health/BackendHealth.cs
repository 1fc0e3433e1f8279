using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Health;

/// <summary>The health record of one backend. Not thread-safe unless noted otherwise.</summary>
/// <param name="backend">The backend.</param>
/// <param name="checks">Counts the results of its checks.</param>
/// <param name="traffic">Tracks its real traffic.</param>
/// <param name="checkOptions">How it is checked.</param>
internal sealed class BackendHealth(
    Backend backend, HealthTracker checks, OutlierTracker traffic, CurrentOptions<HealthCheckOptions> checkOptions)
{
    private bool _isProbeRequested;
    private bool _isEjectionRequested;

    /// <summary>The backend.</summary>
    public Backend Backend { get; } = backend;

    /// <summary>Counts the results of checks; used by the check that runs.</summary>
    public HealthTracker Checks { get; } = checks;

    /// <summary>Tracks real traffic: failures in a row and ejections.</summary>
    public OutlierTracker Traffic { get; } = traffic;

    /// <summary>What a check of the backend usually takes while it is healthy. Safe for use by any number of threads.</summary>
    public SmoothedTime UsualCheckTime { get; } = new();

    /// <summary>The latest checks; null if they are not kept.</summary>
    public CheckHistory? History { get; init; }

    /// <summary>Whether the backend is unhealthy because of real traffic alone. Safe to read from any thread.</summary>
    public bool IsEjected => Traffic.IsEjected && !Backend.IsHealthy;

    /// <summary>
    /// Whether the backend is ejected for silence and its checks are TCP connections, which prove nothing about a program: a check must ask
    /// the program, see <see cref="ProgramProbe"/>, and the ejection does not end by time until its maximum has passed. Does not apply to
    /// a check of another port, whose program may be another. Safe to read from any thread.
    /// </summary>
    public bool AwaitsAnswer =>
        IsEjected
        && Traffic.IsForSilence
        && Backend.Intent is not BackendIntent.Maint
        && Backend.Options.CheckPort is null
        && checkOptions.Value.KindFor(Backend.Options) is CheckKind.Tcp;

    /// <summary>The time until the ejection ends if no check ends it; zero if there is none.</summary>
    public TimeSpan EjectionLeft => AwaitsAnswer ? Traffic.LongestTimeLeft : Traffic.TimeLeft;

    /// <summary>Whether the backend is ejected, and the time of the ejection has passed.</summary>
    public bool IsEjectionOver => Traffic.IsEjected && EjectionLeft == TimeSpan.Zero;

    /// <summary>Whether the backend may flip soon, so that its next check should come early.</summary>
    public bool IsBetweenStates => Checks.IsBetweenStates || IsEjected;

    /// <summary>Ends an ejection that is void because the backend was marked healthy from outside.</summary>
    public void EndVoidEjection()
    {
        if (Backend.IsHealthy && Traffic.IsEjected)
            Traffic.Return();
    }

    /// <summary>
    /// Returns whether a successful check ends the ejection: it began after the last failure of real traffic, and the program has answered
    /// it if it was silent. A program may answer FIN although it serves nobody: if it is ejected again soon after such a return, a
    /// check that asks the program ends the ejection only when its time has passed.
    /// </summary>
    /// <param name="result">The result.</param>
    /// <param name="begun">When the probe began, as a timestamp of the clock.</param>
    public bool IsReturnedBy(in ProbeResult result, long begun) =>
        !Traffic.HasFailedSince(begun)
        && (!Traffic.IsForSilence || (result.IsAnswer && (!AwaitsAnswer || !Traffic.IsRepeated || Traffic.IsOver)));

    /// <summary>Requests a check ahead of its schedule. May be called from any thread.</summary>
    public void RequestProbe() => Volatile.Write(ref _isProbeRequested, true);

    /// <summary>Returns whether a check was requested since the last call. May be called from any thread.</summary>
    public bool TakeProbeRequest() => Volatile.Read(ref _isProbeRequested) && Interlocked.Exchange(ref _isProbeRequested, false);

    /// <summary>
    /// Requests an ejection; of the calls until <see cref="TakeEjectionRequest"/> one returns true. May be called from any thread.
    /// </summary>
    public bool TryRequestEjection() => !Volatile.Read(ref _isEjectionRequested) && !Interlocked.Exchange(ref _isEjectionRequested, true);

    /// <summary>Permits the next request; called before the requested ejection is decided. May be called from any thread.</summary>
    public void TakeEjectionRequest() => Volatile.Write(ref _isEjectionRequested, false);
}
