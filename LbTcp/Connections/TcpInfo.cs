using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LbTcp.Connections;

/// <summary>
/// The part that matters here of what Linux tells about a TCP connection (<c>struct tcp_info</c> of linux/tcp.h, see tcp(7)).
/// </summary>
internal readonly record struct TcpInfo
{
    /// <summary>IPPROTO_TCP, the option's level.</summary>
    public const int Level = 6;

    /// <summary>TCP_INFO, the option.</summary>
    public const int Option = 11;

    /// <summary>Bytes that are needed of the structure.</summary>
    public const int Size = 148;

    private const byte StateClose = 7;
    private const int RetransmitsOffset = 2;
    private const int ProbesOffset = 3;
    private const int UnackedOffset = 24;
    private const int LastDataSentOffset = 44;
    private const int LastAckReceivedOffset = 56;
    private const int BytesAckedOffset = 120;
    private const int NotSentBytesOffset = 144;

    /// <summary>Whether the connection is in state CLOSE: torn down by RST or time-out, or by FIN on both sides.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Whether the peer's system has acknowledged everything that was sent.</summary>
    public bool IsFlushed { get; init; }

    /// <summary>Bytes the peer's system has acknowledged.</summary>
    public long BytesAcknowledged { get; init; }

    /// <summary>
    /// Whether data or a probe was sent after the last acknowledgement was received. A peer without room for more acknowledges probes and
    /// retransmissions all the same.
    /// </summary>
    public bool IsUnanswered { get; init; }

    /// <summary>The number of probes and retransmissions so far: grows with each one while nothing is acknowledged.</summary>
    public int Retries { get; init; }

    /// <summary>The time since the last acknowledgement was received, of new data or not.</summary>
    public TimeSpan SinceAcknowledgement { get; init; }

    /// <summary>Reads the structure; false when the system gave less of it than is needed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> raw, out TcpInfo info)
    {
        info = default;
        if (raw.Length < Size)
            return false;
        bool hasUnacked = UInt32At(raw, UnackedOffset) > 0;
        uint sinceData = UInt32At(raw, LastDataSentOffset);
        uint sinceAck = UInt32At(raw, LastAckReceivedOffset);
        info = new TcpInfo
        {
            IsClosed = raw[0] == StateClose,
            IsFlushed = !hasUnacked && UInt32At(raw, NotSentBytesOffset) == 0,
            BytesAcknowledged = MemoryMarshal.Read<long>(raw[BytesAckedOffset..]),

            // Every acknowledgement sets the count of probes to 0 (tcp_ack in net/ipv4/tcp_input.c), but not that of retransmissions, and
            // the time of the last data is that of retransmissions as well, but not of probes (tcp_event_data_sent in tcp_output.c).
            IsUnanswered = raw[ProbesOffset] > 0 || (hasUnacked && sinceData < sinceAck),
            Retries = raw[ProbesOffset] + raw[RetransmitsOffset],
            SinceAcknowledgement = TimeSpan.FromMilliseconds(sinceAck),
        };
        return true;
    }

    /// <summary>Asks the system about a managed socket; false where it does not tell, or when the socket was closed meanwhile.</summary>
    public static bool TryRead(Socket socket, out TcpInfo info)
    {
        info = default;
        if (!OperatingSystem.IsLinux() || socket.AddressFamily is AddressFamily.Unix)
            return false;
        Span<byte> raw = stackalloc byte[Size];
        try
        {
            return TryParse(raw[..socket.GetRawSocketOption(Level, Option, raw)], out info);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static uint UInt32At(ReadOnlySpan<byte> raw, int offset) => MemoryMarshal.Read<uint>(raw[offset..]);
}
