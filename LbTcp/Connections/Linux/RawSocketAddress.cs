using System.Buffers.Binary;
using System.Net;
using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>
/// Reads and writes <c>struct sockaddr_in</c>, <c>sockaddr_in6</c> and <c>sockaddr_un</c> (ip(7), ipv6(7), unix(7)).
/// </summary>
internal static class RawSocketAddress
{
    /// <summary>Bytes that any kind needs at most.</summary>
    public const int Size = 110;

    private const int InetSize = 16;
    private const int Inet6Size = 28;
    private const int PathOffset = 2;

    /// <summary>Writes <paramref name="endPoint"/>.</summary>
    /// <returns>The family and how many bytes were written; a length of 0 for an end point of an unknown kind.</returns>
    public static (int Family, int Length) Write(EndPoint endPoint, Span<byte> address)
    {
        address.Clear();
        switch (endPoint)
        {
            case IPEndPoint { AddressFamily: System.Net.Sockets.AddressFamily.InterNetwork } inet:
                BitConverter.TryWriteBytes(address, (ushort)LinuxCalls.Inet);
                BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)inet.Port);
                _ = inet.Address.TryWriteBytes(address[4..], out _);
                return (LinuxCalls.Inet, InetSize);
            case IPEndPoint inet6:
                BitConverter.TryWriteBytes(address, (ushort)LinuxCalls.Inet6);
                BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)inet6.Port);
                _ = inet6.Address.TryWriteBytes(address[8..], out _);
                BitConverter.TryWriteBytes(address[24..], (uint)inet6.Address.ScopeId);
                return (LinuxCalls.Inet6, Inet6Size);
            case UnixEndPoint unix:
                SocketAddress serialized = unix.Serialize();
                serialized.Buffer.Span[..serialized.Size].CopyTo(address);
                return (LinuxCalls.Unix, serialized.Size);
            default:
                return (0, 0);
        }
    }

    /// <summary>Reads an end point; an IPv4 peer of a dual-stack socket as IPv4.</summary>
    /// <param name="address">What the system has written.</param>
    public static EndPoint Read(ReadOnlySpan<byte> address)
    {
        int family = BitConverter.ToUInt16(address);
        if (family == LinuxCalls.Unix)
            return UnixEndPoint.Read(address[PathOffset..]);
        int port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return family == LinuxCalls.Inet
            ? new IPEndPoint(new IPAddress(address.Slice(4, 4)), port)
            : new IPEndPoint(new IPAddress(address.Slice(8, 16), BitConverter.ToUInt32(address[24..])), port).Unmapped();
    }
}
