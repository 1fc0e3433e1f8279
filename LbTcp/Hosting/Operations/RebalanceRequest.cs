namespace LbTcp.Hosting.Operations;

/// <summary>A request to move connections from backends that have more than their share.</summary>
/// <param name="Service">The service; null for all that are reconnectable.</param>
/// <param name="PerSecond">The maximum number of connections to close per second; above 0.</param>
/// <param name="Tolerance">The surplus to leave, as a fraction of the share: 0.1 for 10 %.</param>
internal sealed record RebalanceRequest(string? Service, double PerSecond, double Tolerance);

/// <summary>What a rebalance does.</summary>
/// <param name="Service">The service.</param>
/// <param name="Backend">The backend that has too many connections.</param>
/// <param name="Open">The number of connections that it has.</param>
/// <param name="Target">The number of connections that is its share.</param>
/// <param name="Surplus">The number of connections that will be closed, the longest idle first.</param>
internal sealed record RebalanceStep(string Service, string Backend, int Open, int Target, int Surplus);

/// <summary>The answer to a request to rebalance.</summary>
/// <param name="Result">Whether it was started.</param>
/// <param name="Steps">What it does; empty if there is nothing to do.</param>
/// <param name="Duration">How long it will take at the requested rate.</param>
internal sealed record RebalanceReport(ChangeResult Result, IReadOnlyList<RebalanceStep> Steps, TimeSpan Duration);
