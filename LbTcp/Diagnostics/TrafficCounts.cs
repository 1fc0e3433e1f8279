namespace LbTcp.Diagnostics;

/// <summary>The counts of the ended connections of a backend and of the dials to it.</summary>
/// <param name="Ended">Ended connections by reason, in the order of <see cref="ConnectionEndReason"/>.</param>
/// <param name="Attempts">Dials by outcome, in the order of <see cref="AttemptOutcome"/>.</param>
/// <param name="Connect">The times from the accept to the established connection.</param>
/// <param name="Duration">The times from the accept to the end.</param>
internal sealed record TrafficCounts(
    IReadOnlyList<long> Ended, IReadOnlyList<long> Attempts, HistogramCounts Connect, HistogramCounts Duration);
