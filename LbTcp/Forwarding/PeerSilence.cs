using LbTcp.Connections;

namespace LbTcp.Forwarding;

/// <summary>
/// Decides whether a peer has vanished: something was sent to it, and it acknowledges neither that nor the retries. A peer that reads
/// nothing is not silent, as its system acknowledges probes; since probes may be two minutes apart (TCP_RTO_MAX), several of them must
/// have been lost as well.
/// </summary>
internal struct PeerSilence
{
    private const int MinRetries = 2; // after the probe or retransmission that began the silence

    private long _since; // in the clock's timestamps; 0 while the peer answers
    private int _retries;

    /// <summary>Takes note of the state of the connection to the peer.</summary>
    /// <returns>Whether the silence has lasted for <paramref name="timeout"/>.</returns>
    public bool Lasts(in TcpInfo info, TimeSpan timeout, TimeProvider timeProvider)
    {
        if (!info.IsUnanswered)
        {
            _since = 0;
            return false;
        }

        if (_since == 0 || info.SinceAcknowledgement < timeProvider.GetElapsedTime(_since))
        {
            _since = timeProvider.GetTimestamp();
            _retries = info.Retries;
            return false;
        }

        return timeProvider.GetElapsedTime(_since) >= timeout && info.Retries - _retries >= MinRetries;
    }
}
