using System.Text;
using LbTcp.Configuration;

namespace LbTcp.Preface;

/// <summary>
/// What a client's first bytes say about the server that it wants: the ClientHello of TLS (RFC 8446, section 4.1.2; RFC 5246, section
/// 7.4.1.2) with the server name of RFC 6066, section 3. The outcome depends on the bytes alone, not on how they arrive: what was decided
/// by a prefix stays so.
/// </summary>
/// <param name="Status">What the bytes are.</param>
/// <param name="ServerName">
/// The server name of a complete ClientHello, in lower case, without a final dot; null if there is none or it is no host name. With
/// Encrypted ClientHello it is the public name.
/// </param>
internal readonly record struct ClientHello(ClientHelloStatus Status, string? ServerName = null)
{
    private const ushort ServerNameExtension = 0;
    private const byte HostNameType = 0;
    private const int RandomLength = 32;
    private const int VersionLength = 2;

    /// <summary>Reads the bytes that a client has sent so far.</summary>
    public static ClientHello Read(ReadOnlySpan<byte> bytes)
    {
        ClientHelloStatus status = HandshakeRecords.Find(bytes, out ReadOnlySpan<byte> body);
        if (status is not ClientHelloStatus.Complete)
            return new ClientHello(status);
        return TryReadServerName(body, out string? name)
            ? new ClientHello(ClientHelloStatus.Complete, name)
            : new ClientHello(ClientHelloStatus.Invalid);
    }

    private static bool TryReadServerName(ReadOnlySpan<byte> body, out string? name)
    {
        name = null;
        var fields = new VectorReader(body);
        bool isWellFormed = fields.TrySkip(VersionLength + RandomLength)
            && fields.TryReadVector8(out _) // session id
            && fields.TryReadVector16(out _) // cipher suites
            && fields.TryReadVector8(out _); // compression methods
        if (!isWellFormed)
            return false;
        if (fields.IsAtEnd)
            return true; // TLS 1.2 without extensions
        return fields.TryReadVector16(out ReadOnlySpan<byte> extensions) && fields.IsAtEnd && TryReadExtensions(extensions, out name);
    }

    private static bool TryReadExtensions(ReadOnlySpan<byte> bytes, out string? name)
    {
        name = null;
        bool isFound = false;
        for (var extensions = new VectorReader(bytes); !extensions.IsAtEnd;)
        {
            if (!extensions.TryReadNumber16(out ushort type) || !extensions.TryReadVector16(out ReadOnlySpan<byte> content))
                return false;
            if (type != ServerNameExtension)
                continue;
            if (isFound || !TryReadHostName(content, out name))
                return false; // with two of them, others may go by the one that was not used here
            isFound = true;
        }

        return true;
    }

    // A list of one name: RFC 6066 allows one of each type, and there is only one type.
    private static bool TryReadHostName(ReadOnlySpan<byte> content, out string? name)
    {
        name = null;
        var extension = new VectorReader(content);
        if (!extension.TryReadVector16(out ReadOnlySpan<byte> list) || !extension.IsAtEnd)
            return false;
        var names = new VectorReader(list);
        if (!names.TryReadNumber8(out byte type) || type != HostNameType || !names.TryReadVector16(out ReadOnlySpan<byte> hostName)
            || !names.IsAtEnd || hostName.IsEmpty)
            return false;
        if (Hosts.TryParseName(Encoding.Latin1.GetString(hostName), out string? parsed, out _))
            name = parsed.TrimEnd('.');
        return true;
    }
}
