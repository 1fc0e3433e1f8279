using System.Net;
using System.Net.Sockets;

namespace LbTcp.Preface;

/// <summary>Reads a header of version 1, <c>PROXY TCP4 192.0.2.1 192.0.2.2 50000 443</c> and CR LF (section 2.1).</summary>
internal static class ProxyHeaderV1
{
    /// <summary>The length of the longest line, CR LF included.</summary>
    public const int MaxLength = 107;

    private const byte Blank = (byte)' ';
    private const byte CarriageReturn = (byte)'\r';

    private static ReadOnlySpan<byte> Prefix => "PROXY "u8;

    private static ReadOnlySpan<byte> Unknown => "UNKNOWN"u8;

    /// <summary>Reads the header at the beginning of <paramref name="received"/>.</summary>
    public static ProxyHeaderResult Read(ReadOnlySpan<byte> received)
    {
        if (!ProxyHeaderParser.MayBegin(received, Prefix))
            return ProxyHeaderResult.Invalid("no PROXY protocol header");
        ReadOnlySpan<byte> window = received[..Math.Min(received.Length, MaxLength)];
        int end = window.IndexOfAny(CarriageReturn, (byte)'\n');
        if (end < 0 || end == window.Length - 1)
        {
            if (end >= 0 && window[end] != CarriageReturn)
                return ProxyHeaderResult.Invalid("line without CR LF at its end");
            return received.Length < MaxLength
                ? ProxyHeaderResult.Incomplete
                : ProxyHeaderResult.Invalid($"line of more than {MaxLength} bytes");
        }

        return window[end..].StartsWith("\r\n"u8)
            ? ReadLine(window[Prefix.Length..end], end + 2)
            : ProxyHeaderResult.Invalid("line without CR LF at its end");
    }

    private static ProxyHeaderResult ReadLine(ReadOnlySpan<byte> fields, int length)
    {
        // Whatever stands behind UNKNOWN has to be ignored.
        if (fields.StartsWith(Unknown) && (fields.Length == Unknown.Length || fields[Unknown.Length] == Blank))
            return ProxyHeaderResult.Of(new ProxyHeader(length));
        ReadOnlySpan<byte> protocol = Next(ref fields);
        AddressFamily family = protocol.SequenceEqual("TCP4"u8) ? AddressFamily.InterNetwork
            : protocol.SequenceEqual("TCP6"u8) ? AddressFamily.InterNetworkV6
            : AddressFamily.Unspecified;
        if (family is AddressFamily.Unspecified)
            return ProxyHeaderResult.Invalid("unknown protocol");
        if (AddressText.Read(Next(ref fields), family) is not { } source || AddressText.Read(Next(ref fields), family) is not { } destination)
            return ProxyHeaderResult.Invalid("malformed address");
        return AddressText.TryReadPort(Next(ref fields), out int sourcePort) && AddressText.TryReadPort(fields, out int destinationPort)
            ? ProxyHeaderResult.Of(new ProxyHeader(
                length, new IPEndPoint(source, sourcePort), new IPEndPoint(destination, destinationPort)))
            : ProxyHeaderResult.Invalid("malformed port");
    }

    // Cuts off everything up to the next blank: two blanks in a row leave an empty field, which is no address and no port.
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> fields)
    {
        int blank = fields.IndexOf(Blank);
        ReadOnlySpan<byte> field = blank < 0 ? fields : fields[..blank];
        fields = blank < 0 ? default : fields[(blank + 1)..];
        return field;
    }
}
