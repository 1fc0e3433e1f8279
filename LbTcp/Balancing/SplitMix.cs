namespace LbTcp.Balancing;

/// <summary>
/// Generates random numbers for any number of threads without a lock: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", OOPSLA 2014) mixes the values of a counter.
/// </summary>
/// <param name="seed">Provides the initial value of the counter.</param>
internal sealed class SplitMix(Random seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong _state = (ulong)seed.NextInt64(long.MinValue, long.MaxValue);

    /// <summary>Returns the next 64-bit number.</summary>
    public ulong Next() => Mix(Interlocked.Add(ref _state, GoldenGamma));

    /// <summary>Spreads every bit of a value over all bits: a bijection.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
