namespace LbTcp.Forwarding;

/// <summary>Numbers of bytes.</summary>
/// <param name="In">Bytes from clients that were passed to backends.</param>
/// <param name="Out">Bytes from backends that were passed to clients.</param>
internal readonly record struct ByteCounts(long In, long Out)
{
    /// <summary>The sum.</summary>
    public static ByteCounts operator +(ByteCounts one, ByteCounts other) => new(one.In + other.In, one.Out + other.Out);

    /// <summary>The difference.</summary>
    public static ByteCounts operator -(ByteCounts one, ByteCounts other) => new(one.In - other.In, one.Out - other.Out);

    /// <summary>The larger number of each.</summary>
    public static ByteCounts Max(ByteCounts one, ByteCounts other) => new(Math.Max(one.In, other.In), Math.Max(one.Out, other.Out));
}
