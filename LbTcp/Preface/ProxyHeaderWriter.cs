using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Unicode;
using LbTcp.Configuration;

namespace LbTcp.Preface;

/// <summary>
/// Writes the PROXY protocol header of a connection to a backend. Without two addresses of TCP, as for the client of a unix socket, it says
/// UNKNOWN (version 1) or LOCAL (version 2), as HAProxy does; an IPv4 address beside an IPv6 one is written as IPv6.
/// </summary>
internal static class ProxyHeaderWriter
{
    private static readonly byte[] _unknown = "PROXY UNKNOWN\r\n"u8.ToArray();
    private static readonly byte[] _local =
        [.. ProxyHeaderV2.Signature, ProxyHeaderV2.Local, ProxyHeaderV2.Unspecified, 0, 0];

    /// <summary>Writes a header.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="version">The version; nothing is written for off.</param>
    /// <param name="source">The address that the connection comes from.</param>
    /// <param name="destination">The address that it was made to; null if it is not known.</param>
    /// <param name="additions">What else version 2 says.</param>
    public static void Write(
        IBufferWriter<byte> output, SendProxy version, EndPoint source, EndPoint? destination, in ProxyAdditions additions = default)
    {
        if (version is SendProxy.V1)
            WriteLine(output, source as IPEndPoint, destination as IPEndPoint);
        else if (version is SendProxy.V2)
            WriteBinary(output, source as IPEndPoint, destination as IPEndPoint, additions);
    }

    /// <summary>
    /// The header of a health check, which is made on no one's behalf: UNKNOWN or LOCAL. Empty if the backend gets none, or if another
    /// port is checked, which may be another server.
    /// </summary>
    public static ReadOnlyMemory<byte> ForCheck(BackendOptions backend, PrefaceOptions options) =>
        backend.CheckPort is { } port && port != backend.Address.Port ? default : options.SendProxyFor(backend) switch
        {
            SendProxy.V1 => _unknown,
            SendProxy.V2 => _local,
            _ => default,
        };

    private static void WriteLine(IBufferWriter<byte> output, IPEndPoint? source, IPEndPoint? destination)
    {
        if (source is null || destination is null)
        {
            output.Write(_unknown);
            return;
        }

        bool isIPv4 = AreIPv4(source, destination);
        string protocol = isIPv4 ? "TCP4" : "TCP6";
        (IPAddress from, IPAddress to) = (AddressOf(source, isIPv4), AddressOf(destination, isIPv4));
        Span<byte> line = output.GetSpan(ProxyHeaderV1.MaxLength);
        if (!Utf8.TryWrite(line, $"PROXY {protocol} {from} {to} {source.Port} {destination.Port}\r\n", out int length))
            throw new InvalidOperationException("The header is longer than the longest one.");
        output.Advance(length);
    }

    private static void WriteBinary(IBufferWriter<byte> output, IPEndPoint? source, IPEndPoint? destination, in ProxyAdditions additions)
    {
        bool isKnown = source is not null && destination is not null;
        bool isIPv4 = isKnown && AreIPv4(source!, destination!);
        int size = isKnown ? isIPv4 ? 4 : 16 : 0;
        int addresses = isKnown ? 2 * (size + sizeof(ushort)) : 0;
        int length = addresses + additions.Length;
        Span<byte> header = output.GetSpan(ProxyHeaderV2.FixedLength + length);
        ProxyHeaderV2.Signature.CopyTo(header);
        Span<byte> rest = header[ProxyHeaderV2.Signature.Length..];
        rest[0] = isKnown ? ProxyHeaderV2.Proxy : ProxyHeaderV2.Local;
        rest[1] = isKnown ? isIPv4 ? ProxyHeaderV2.Tcp4 : ProxyHeaderV2.Tcp6 : ProxyHeaderV2.Unspecified;
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)length);
        rest = rest[4..];
        if (isKnown)
        {
            Write(rest, AddressOf(source!, isIPv4));
            Write(rest[size..], AddressOf(destination!, isIPv4));
            BinaryPrimitives.WriteUInt16BigEndian(rest[(2 * size)..], (ushort)source!.Port);
            BinaryPrimitives.WriteUInt16BigEndian(rest[((2 * size) + sizeof(ushort))..], (ushort)destination!.Port);
        }

        additions.Write(rest[addresses..]);
        output.Advance(ProxyHeaderV2.FixedLength + length);
    }

    private static void Write(Span<byte> destination, IPAddress address)
    {
        if (!address.TryWriteBytes(destination, out _))
            throw new ArgumentException("There is no room for the address.", nameof(destination));
    }

    private static bool AreIPv4(IPEndPoint source, IPEndPoint destination) =>
        source.AddressFamily is AddressFamily.InterNetwork && destination.AddressFamily is AddressFamily.InterNetwork;

    // The zone of a link-local address has a meaning on this machine only.
    private static IPAddress AddressOf(IPEndPoint endPoint, bool isIPv4)
    {
        IPAddress address = endPoint.Address;
        if (!isIPv4 && address.AddressFamily is AddressFamily.InterNetwork)
            return address.MapToIPv6();
        return !isIPv4 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
    }
}
