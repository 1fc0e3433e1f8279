using System.Buffers.Binary;
using System.Net;
using LbTcp.Configuration;

namespace LbTcp.Preface;

/// <summary>Reads a header of version 2, which is binary (section 2.2).</summary>
internal static class ProxyHeaderV2
{
    /// <summary>The length of what comes before the addresses: signature, version and command, protocol, and the length of the rest.</summary>
    public const int FixedLength = 16;

    /// <summary>The length of the longest header.</summary>
    public const int MaxLength = FixedLength + ushort.MaxValue;

    /// <summary>Version 2 in the upper half, the command LOCAL in the lower: the proxy speaks for itself.</summary>
    public const byte Local = 0x20;

    /// <summary>Version 2 and the command PROXY: the connection is that of a client.</summary>
    public const byte Proxy = 0x21;

    /// <summary>AF_UNSPEC: the addresses are unknown.</summary>
    public const byte Unspecified = 0x00;

    /// <summary>TCP over IPv4.</summary>
    public const byte Tcp4 = 0x11;

    /// <summary>TCP over IPv6.</summary>
    public const byte Tcp6 = 0x21;

    private const byte UnixStream = 0x31;

    /// <summary>What every header begins with.</summary>
    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads the header at the beginning of <paramref name="received"/>.</summary>
    public static ProxyHeaderResult Read(ReadOnlySpan<byte> received)
    {
        if (!ProxyHeaderParser.MayBegin(received, Signature))
            return ProxyHeaderResult.Invalid("no PROXY protocol header");
        if (received.Length <= Signature.Length)
            return ProxyHeaderResult.Incomplete;
        byte command = received[Signature.Length];
        if (command is not (Local or Proxy))
            return ProxyHeaderResult.Invalid(command >> 4 == Proxy >> 4 ? "unknown command" : "unknown version");
        if (received.Length < FixedLength)
            return ProxyHeaderResult.Incomplete;
        byte protocol = received[Signature.Length + 1];
        int length = FixedLength + BinaryPrimitives.ReadUInt16BigEndian(received[(FixedLength - 2)..]);
        if (command is Proxy && FindProblem(protocol, length) is { } problem)
            return ProxyHeaderResult.Invalid(problem);
        if (received.Length < length)
            return ProxyHeaderResult.Incomplete;
        return command is Local || protocol is Unspecified
            ? ProxyHeaderResult.Of(new ProxyHeader(length)) // all that it has, the rest of the block included, has to be ignored
            : ReadBlock(protocol, received[..length]);
    }

    private static string? FindProblem(byte protocol, int length)
    {
        if (AddressesLength(protocol) is { } needed)
            return length < FixedLength + needed ? "shorter than its addresses" : null;
        return protocol is 0x12 or 0x22 or 0x32 ? "datagrams announced on a stream" : "unknown address family or protocol";
    }

    private static int? AddressesLength(byte protocol) => protocol switch
    {
        Unspecified => 0,
        Tcp4 => 12,
        Tcp6 => 36,
        UnixStream => 216,
        _ => null,
    };

    private static ProxyHeaderResult ReadBlock(byte protocol, ReadOnlySpan<byte> header)
    {
        if (ProxyTlv.FindProblem(header, FixedLength + AddressesLength(protocol)!.Value) is { } problem)
            return ProxyHeaderResult.Invalid(problem);
        ReadOnlySpan<byte> addresses = header[FixedLength..];
        return protocol switch
        {
            Tcp4 => ReadAddresses(addresses, 4, header.Length),
            Tcp6 => ReadAddresses(addresses, 16, header.Length),
            _ => ProxyHeaderResult.Of(new ProxyHeader(header.Length)), // the paths of unix sockets are of no use
        };
    }

    private static ProxyHeaderResult ReadAddresses(ReadOnlySpan<byte> addresses, int size, int length)
    {
        ReadOnlySpan<byte> ports = addresses[(2 * size)..];
        return ProxyHeaderResult.Of(new ProxyHeader(
            length,
            Read(addresses[..size], ports),
            Read(addresses.Slice(size, size), ports[sizeof(ushort)..])));
    }

    private static IPEndPoint Read(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        new(Hosts.Unmapped(new IPAddress(address)), BinaryPrimitives.ReadUInt16BigEndian(port));
}
