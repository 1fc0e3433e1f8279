using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LbTcp.Connections;

/// <summary>
/// The part that matters here of what Linux tells about a TCP connection (<c>struct tcp_info</c> of linux/tcp.h, see tcp(7)).
/// </summary>
/// <param name="IsClosed">Whether the connection is in state CLOSE: torn down by RST or time-out, or by FIN on both sides.</param>
/// <param name="IsFlushed">Whether the peer's system has acknowledged everything that was sent.</param>
/// <param name="BytesAcknowledged">Bytes the peer's system has acknowledged.</param>
internal readonly record struct TcpInfo(bool IsClosed, bool IsFlushed, long BytesAcknowledged)
{
    /// <summary>IPPROTO_TCP, the option's level.</summary>
    public const int Level = 6;

    /// <summary>TCP_INFO, the option.</summary>
    public const int Option = 11;

    /// <summary>Bytes that are needed of the structure.</summary>
    public const int Size = 148;

    private const byte StateClose = 7;
    private const int UnackedOffset = 24;
    private const int BytesAckedOffset = 120;
    private const int NotSentBytesOffset = 144;

    /// <summary>Reads the structure; false when the system gave less of it than is needed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> raw, out TcpInfo info)
    {
        info = default;
        if (raw.Length < Size)
            return false;
        int unacked = MemoryMarshal.Read<int>(raw[UnackedOffset..]);
        int notSent = MemoryMarshal.Read<int>(raw[NotSentBytesOffset..]);
        info = new TcpInfo(raw[0] == StateClose, unacked == 0 && notSent == 0, MemoryMarshal.Read<long>(raw[BytesAckedOffset..]));
        return true;
    }

    /// <summary>Asks the system about a managed socket; false where it does not tell, or when the socket was closed meanwhile.</summary>
    public static bool TryRead(Socket socket, out TcpInfo info)
    {
        info = default;
        if (!OperatingSystem.IsLinux())
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
}
