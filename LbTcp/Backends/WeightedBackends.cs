using System.Collections;

namespace LbTcp.Backends;

/// <summary>Some backends of a pool, in the order of the pool, and the weight of each. Never changes.</summary>
/// <param name="backends">The backends; not modified afterwards.</param>
/// <param name="weights">Their weights, all above 0, in the same order; not modified afterwards.</param>
internal sealed class WeightedBackends(Backend[] backends, int[] weights) : IReadOnlyList<Backend>
{
    /// <summary>The number of backends.</summary>
    public int Count => backends.Length;

    /// <summary>The weights, in the order of the backends.</summary>
    public ReadOnlySpan<int> Weights => weights;

    /// <summary>The backend at <paramref name="index"/>.</summary>
    public Backend this[int index] => backends[index];

    /// <summary>A copy of the backends.</summary>
    public Backend[] ToArray() => [.. backends];

    /// <summary>The same backends with other weights.</summary>
    /// <param name="convert">Returns the new weight of a backend with a given weight; above 0.</param>
    public WeightedBackends Reweigh(Func<Backend, int, int> convert)
    {
        int[] converted = new int[weights.Length];
        for (int i = 0; i < converted.Length; i++)
            converted[i] = convert(backends[i], weights[i]);
        return new WeightedBackends(backends, converted);
    }

    /// <inheritdoc/>
    public IEnumerator<Backend> GetEnumerator() => ((IEnumerable<Backend>)backends).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
