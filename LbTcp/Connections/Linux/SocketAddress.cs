using System.Buffers.Binary;
using System.Net;

namespace LbTcp.Connections.Linux;

/// <summary>Reads and writes <c>struct sockaddr_in</c> and <c>sockaddr_in6</c> (ip(7), ipv6(7)).</summary>
internal static class SocketAddress
{
    /// <summary>Bytes that either kind needs at most.</summary>
    public const int Size = 28;

    private const int InetSize = 16;

    /// <summary>Writes <paramref name="endPoint"/>.</summary>
    /// <returns>The family and how many bytes were written.</returns>
    public static (int Family, int Length) Write(IPEndPoint endPoint, Span<byte> address)
    {
        address.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)endPoint.Port);
        if (endPoint.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork)
        {
            BitConverter.TryWriteBytes(address, (ushort)LinuxCalls.Inet);
            _ = endPoint.Address.TryWriteBytes(address[4..], out _);
            return (LinuxCalls.Inet, InetSize);
        }

        BitConverter.TryWriteBytes(address, (ushort)LinuxCalls.Inet6);
        _ = endPoint.Address.TryWriteBytes(address[8..], out _);
        BitConverter.TryWriteBytes(address[24..], (uint)endPoint.Address.ScopeId);
        return (LinuxCalls.Inet6, Size);
    }

    /// <summary>Reads an end point; an IPv4 peer of a dual-stack socket as IPv4.</summary>
    public static IPEndPoint Read(ReadOnlySpan<byte> address)
    {
        int port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return BitConverter.ToUInt16(address) == LinuxCalls.Inet
            ? new IPEndPoint(new IPAddress(address.Slice(4, 4)), port)
            : new IPEndPoint(new IPAddress(address.Slice(8, 16), BitConverter.ToUInt32(address[24..])), port).Unmapped();
    }
}
