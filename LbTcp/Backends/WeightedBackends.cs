using System.Collections;

namespace LbTcp.Backends;

/// <summary>An immutable list of backends of a pool, in the order of the pool, with the weight of each.</summary>
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

    /// <summary>Returns a copy of the list of backends.</summary>
    public Backend[] ToArray() => [.. backends];

    /// <summary>Returns the same backends with different weights.</summary>
    /// <param name="convert">Returns the new weight, above 0, from a backend and its current weight.</param>
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
