using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>Counts the TLS handshakes of a service by outcome. Safe for use by any number of threads.</summary>
internal sealed class TlsHandshakes
{
    private readonly long[] _counts = new long[Enum.GetValues<TlsOutcome>().Length];

    /// <summary>Counts one.</summary>
    public void Count(TlsOutcome outcome) => _ = Interlocked.Increment(ref _counts[(int)outcome]);

    /// <summary>The counts, in the order of <see cref="TlsOutcome"/>.</summary>
    public long[] Read() => [.. Enum.GetValues<TlsOutcome>().Select(outcome => Volatile.Read(ref _counts[(int)outcome]))];
}
