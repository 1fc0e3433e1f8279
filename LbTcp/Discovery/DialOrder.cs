using System.Net;

namespace LbTcp.Discovery;

/// <summary>The addresses of a backend in the order in which they are dialled.</summary>
/// <param name="EndPoints">The addresses; not modified afterwards.</param>
/// <param name="IsFirstKnown">Whether the first is the one that answered last.</param>
internal readonly record struct DialOrder(EndPoint[] EndPoints, bool IsFirstKnown)
{
    // An address that answers deserves the time for a second and third SYN (after 1 s and 3 s); the others get the rest.
    private const double KnownShare = 0.75;

    /// <summary>The time limit of the attempt at <paramref name="index"/>; those of all attempts add up to the limit of the dial.</summary>
    public TimeSpan ShareOf(TimeSpan timeout, int index)
    {
        if (EndPoints.Length == 1)
            return timeout;
        if (!IsFirstKnown)
            return timeout / EndPoints.Length;
        return index == 0 ? timeout * KnownShare : timeout * (1 - KnownShare) / (EndPoints.Length - 1);
    }
}
