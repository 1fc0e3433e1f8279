using LbTcp.Connections;

namespace LbTcp.Forwarding;

/// <summary>
/// Decides whether a client is too slow: while bytes wait for it, in this program or in the system, what it takes and sends has to keep up
/// with a minimum rate. It may fall behind by so much as the rate is in <see cref="Grace"/>.
/// <para>What it has taken beyond the rate counts in advance, up to <see cref="Step"/>: the system of a client whose program reads steadily
/// announces new room only when a part of its buffer is free, on Linux a sixteenth (__tcp_select_window in net/ipv4/tcp_output.c), so that
/// such a client seems to take nothing for a time and then much at once.</para>
/// </summary>
/// <param name="client">The client.</param>
/// <param name="toBackend">Takes the client's bytes.</param>
/// <param name="toClient">Delivers bytes to the client.</param>
internal sealed class ClientPace(IConnection client, Transfer toBackend, Transfer toClient)
{
    /// <summary>How far a client may fall behind.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>The time from one question to the system to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The bytes that count in advance: a sixteenth of a large receive buffer.</summary>
    public const long Step = 512 * 1024;

    private long? _askedAt;
    private long _moved;
    private double _credit; // in bytes

    /// <summary>Whether bytes waited for the client at the last question.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Returns whether the client is too slow.</summary>
    /// <param name="minRate">The rate, in bytes per second; above 0.</param>
    /// <param name="timeProvider">The clock.</param>
    public bool IsTooSlow(long minRate, TimeProvider timeProvider)
    {
        TimeSpan elapsed = _askedAt is { } askedAt ? timeProvider.GetElapsedTime(askedAt) : Interval;
        if (elapsed < Interval)
            return false;
        bool hasWaited = IsWaiting;
        long before = _moved;
        double most = minRate * Grace.TotalSeconds;
        Ask();
        _askedAt = timeProvider.GetTimestamp();
        _credit = hasWaited ? Math.Min(_credit + _moved - before - (minRate * elapsed.TotalSeconds), most + Step) : most;
        return IsWaiting && _credit <= 0;
    }

    // A system that does not report what was acknowledged has only what it took, as for unix sockets.
    private void Ask()
    {
        TcpInfo? info = client.Info;
        IsWaiting = toClient.HasBytesToDeliver || info is { IsFlushed: false };
        _moved = toBackend.BytesReceived + (info?.BytesAcknowledged ?? toClient.BytesSent);
    }
}
