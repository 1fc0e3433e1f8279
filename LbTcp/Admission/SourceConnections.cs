namespace LbTcp.Admission;

/// <summary>
/// The connections that a source has now. All of them hold this one object: disposing it gives one of them back, so each must do that
/// exactly once.
/// </summary>
/// <param name="source">The source.</param>
/// <param name="ended">Called for each connection that ends.</param>
internal sealed class SourceConnections(SourceKey source, Action<SourceConnections> ended) : IDisposable
{
    /// <summary>The source.</summary>
    public SourceKey Source { get; } = source;

    /// <summary>The number of connections. Guarded by <see cref="SourceCounts"/>.</summary>
    public int Count { get; set; }

    /// <summary>Gives back one connection.</summary>
    public void Dispose() => ended(this);
}
