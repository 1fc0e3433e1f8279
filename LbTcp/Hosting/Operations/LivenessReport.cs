namespace LbTcp.Hosting.Operations;

/// <summary>Whether the threads and loops of the process still turn.</summary>
/// <param name="IsAlive">Whether all do.</param>
/// <param name="Problems">What does not, in sentences; empty if all do.</param>
internal sealed record LivenessReport(bool IsAlive, IReadOnlyList<string> Problems);
