using System.Net;

namespace LbTcp.Discovery;

/// <summary>
/// The addresses of a backend in the order in which they are dialled. One dial tries a limited number, so that each has time to answer;
/// of more addresses, later dials try others.
/// </summary>
/// <param name="EndPoints">The addresses; not modified afterwards.</param>
/// <param name="IsFirstKnown">Whether the first is the one that answered last.</param>
/// <param name="Turn">The number of the dial, which selects the addresses that it tries if there are more than it can try.</param>
internal readonly record struct DialOrder(EndPoint[] EndPoints, bool IsFirstKnown, uint Turn = 0)
{
    /// <summary>The maximum number of addresses that one dial tries.</summary>
    public const int MaxCount = 8;

    // An address that answers deserves the time for a second and third SYN (after 1 s and 3 s); the others get the rest.
    private const double KnownShare = 0.75;

    /// <summary>The number of addresses that the dial tries.</summary>
    public int Count => Math.Min(EndPoints.Length, MaxCount);

    /// <summary>The address to try at <paramref name="index"/>, below <see cref="Count"/>.</summary>
    public EndPoint this[int index]
    {
        get
        {
            if (EndPoints.Length <= MaxCount || (IsFirstKnown && index == 0))
                return EndPoints[index];
            int fixedCount = IsFirstKnown ? 1 : 0;
            long place = ((long)Turn * (MaxCount - fixedCount)) + index - fixedCount;
            return EndPoints[fixedCount + (int)(place % (EndPoints.Length - fixedCount))];
        }
    }

    /// <summary>The time limit of the attempt at <paramref name="index"/>; those of all attempts add up to the limit of the dial.</summary>
    public TimeSpan ShareOf(TimeSpan timeout, int index)
    {
        if (Count == 1)
            return timeout;
        if (!IsFirstKnown)
            return timeout / Count;
        return index == 0 ? timeout * KnownShare : timeout * (1 - KnownShare) / (Count - 1);
    }
}
