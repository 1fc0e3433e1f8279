namespace LbTcp.Health;

/// <summary>A probe whose check has failed because no answer came in time. If one comes later, the backend is slow, not gone.</summary>
/// <param name="Run">The probe.</param>
/// <param name="Result">Its result.</param>
internal sealed record LateProbe(ProbeRun Run, Task<ProbeResult> Result)
{
    /// <summary>Whether the probe has ended.</summary>
    public bool HasEnded => Result.IsCompleted;

    /// <summary>Whether the probe has ended, and the backend works.</summary>
    public bool IsAnswered => Result.IsCompletedSuccessfully && Result.Result.Outcome is ProbeOutcome.Healthy;
}
