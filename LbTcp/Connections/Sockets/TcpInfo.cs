using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LbTcp.Connections.Sockets;

/// <summary>What Linux tells about a TCP connection (<c>struct tcp_info</c> of linux/tcp.h, see tcp(7)); other systems tell nothing here.</summary>
/// <param name="IsClosed">Whether the connection is in state CLOSE: torn down by RST or time-out, or by FIN on both sides.</param>
/// <param name="IsFlushed">Whether the peer's system has acknowledged everything that was sent.</param>
/// <param name="BytesAcknowledged">Bytes the peer's system has acknowledged.</param>
internal readonly record struct TcpInfo(bool IsClosed, bool IsFlushed, long BytesAcknowledged)
{
    private const int ProtocolTcp = 6;
    private const int OptionTcpInfo = 11;
    private const byte StateClose = 7;
    private const int UnackedOffset = 24;
    private const int BytesAckedOffset = 120;
    private const int NotSentBytesOffset = 144;
    private const int SizeNeeded = 148;

    /// <summary>Asks the system; false where it does not tell, or when the socket was closed meanwhile.</summary>
    public static bool TryRead(Socket socket, out TcpInfo info)
    {
        info = default;
        if (!OperatingSystem.IsLinux())
            return false;
        Span<byte> raw = stackalloc byte[SizeNeeded];
        try
        {
            if (socket.GetRawSocketOption(ProtocolTcp, OptionTcpInfo, raw) < SizeNeeded)
                return false;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }

        int unacked = MemoryMarshal.Read<int>(raw[UnackedOffset..]);
        int notSent = MemoryMarshal.Read<int>(raw[NotSentBytesOffset..]);
        info = new TcpInfo(raw[0] == StateClose, unacked == 0 && notSent == 0, MemoryMarshal.Read<long>(raw[BytesAckedOffset..]));
        return true;
    }
}
