namespace LbTcp.Hosting;

/// <summary>The most client connections at a time, and where the number comes from. A connection takes two descriptors, one to each side.</summary>
/// <param name="Value">The number; at least 1.</param>
/// <param name="Origin">Where it comes from: "descriptor limit 20000", "--max-connections".</param>
/// <param name="Warning">What the operator should know, or null.</param>
internal sealed record ConnectionLimit(int Value, string Origin, string? Warning)
{
    /// <summary>What a process may open unless told otherwise on nearly every system, for systems that do not say.</summary>
    private const long AssumedDescriptorLimit = 1024;

    /// <summary>Computes the limit.</summary>
    /// <param name="asked">What <c>--max-connections</c> says, or null.</param>
    /// <param name="descriptorLimit">How many descriptors this process may open, or null when unknown.</param>
    /// <param name="openDescriptors">
    /// How many of them are open already, the runtime's own, which without native compilation are dozens, or may be taken by the transport.
    /// </param>
    /// <param name="backendCount">How many backends are checked: a check takes a descriptor, too.</param>
    public static ConnectionLimit For(int? asked, long? descriptorLimit, int openDescriptors, int backendCount)
    {
        int possible = Possible(descriptorLimit ?? AssumedDescriptorLimit, openDescriptors, backendCount);
        string origin = descriptorLimit is null
            ? $"assumed descriptor limit {AssumedDescriptorLimit}"
            : $"descriptor limit {descriptorLimit}";
        if (asked is not { } number)
            return new(possible, origin, null);
        if (descriptorLimit is null || number <= possible)
            return new(number, "--max-connections", null);
        return new(possible, origin,
            $"--max-connections {number} is more than the descriptor limit {descriptorLimit} allows, using {possible}. Raise it with 'ulimit -n' or LimitNOFILE.");
    }

    // The reserve is for listeners, logs, checks, name look-ups and the runtime; a small limit is not eaten up by it.
    private static int Possible(long descriptorLimit, int openDescriptors, int backendCount)
    {
        long reserve = Math.Min(descriptorLimit / 2, Math.Min(256, 64 + (2L * backendCount)));
        return (int)Math.Clamp((descriptorLimit - openDescriptors - reserve) / 2, 1, int.MaxValue);
    }
}
