using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace LbTcp.Configuration;

/// <summary>
/// Reads hosts and ports strictly. The framework's own parsers read <c>1:80</c> as 0.0.0.1, <c>010.0.0.1</c> as octal and <c>::1:80</c>
/// as an address without a port; here what is not plainly an address, a bracketed IPv6 address or a host name is refused.
/// </summary>
internal static partial class Hosts
{
    /// <summary>Reads <c>host:port</c> or <c>[ipv6]:port</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="host">
    /// The host in lower case; an IPv6 address in its shortest form, without brackets, or as the IPv4 address that it stands for.
    /// </param>
    /// <param name="port">The port, <paramref name="lowestPort"/> to 65535.</param>
    /// <param name="problem">What is wrong, as a sentence without the text itself.</param>
    /// <param name="lowestPort">1 for a port to dial, 0 where 0 asks for any free port.</param>
    public static bool TryParseHostAndPort(
        string text, [NotNullWhen(true)] out string? host, out int port, [NotNullWhen(false)] out string? problem, int lowestPort = 1)
    {
        host = null;
        port = 0;
        int colon = text.LastIndexOf(':');
        if (colon < 0 || text.EndsWith(']'))
        {
            problem = "the port is missing; write host:port.";
            return false;
        }

        string hostText = text[..colon];
        if (hostText.Contains(':') && !hostText.StartsWith('['))
        {
            problem = "an IPv6 address goes in brackets; write [::1]:port.";
            return false;
        }

        return TryParsePort(text[(colon + 1)..], out port, out problem, lowestPort) && TryParseHost(hostText, out host, out problem);
    }

    /// <summary>Reads a host name without a port, such as the name of a DNS record; an address is refused.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name in lower case.</param>
    /// <param name="problem">What is wrong, as a sentence without the text itself.</param>
    public static bool TryParseName(string text, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out string? problem)
    {
        bool isName = text.Length <= 253 && HostName().IsMatch(text) && !LooksNumeric().IsMatch(text);
        name = isName ? text.ToLowerInvariant() : null;
        problem = isName ? null
            : text.Contains(':') ? "the port comes from the SRV record; write the name alone."
            : $"{Quoted.Text(text)} is not a host name.";
        return isName;
    }

    /// <summary>Reads the address of an interface; IPv6 with or without brackets.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address if it is one.</param>
    /// <param name="error">Otherwise what is wrong with it, in one sentence that quotes <paramref name="text"/>.</param>
    public static bool TryParseAddress(
        string text, [NotNullWhen(true)] out IPAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        string host = text.Contains(':') && !text.StartsWith('[') ? $"[{text}]" : text;
        if (!TryParseHost(host, out string? read, out error))
            return false;
        if (!IPAddress.TryParse(read, out address))
            error = $"{Quoted.Text(text)} is a name; write an address.";
        else if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            error = $"{Quoted.Text(text)} stands for all addresses; write one of them.";
        return error is null;
    }

    /// <summary>Reads a port: <paramref name="lowestPort"/> to 65535, ASCII digits only, no sign, no blanks, no leading zero.</summary>
    public static bool TryParsePort(string text, out int port, [NotNullWhen(false)] out string? problem, int lowestPort = 1)
    {
        problem = null;
        bool isNumber = text.Length is >= 1 and <= 5 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
        port = isNumber ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        if (isNumber && (text[0] != '0' || text.Length == 1) && port >= lowestPort && port <= 65535)
            return true;
        problem = $"the port {Quoted.Text(text)} is not a number from {lowestPort} to 65535.";
        return false;
    }

    /// <summary>Host and port in URL notation, an IPv6 address in brackets.</summary>
    public static string Format(string host, int port) => host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}";

    /// <summary>
    /// Returns an IPv4-mapped IPv6 address (<c>::ffff:10.0.0.1</c>) as the IPv4 address that it is: an IPv6 socket does not reach it, an
    /// IPv4 socket does.
    /// </summary>
    public static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Whether a name stands for this machine, whatever a name server says (RFC 6761, section 6.3).</summary>
    public static bool IsLocalhost(string name)
    {
        string absolute = name.TrimEnd('.');
        return absolute.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || absolute.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryParseHost(string text, [NotNullWhen(true)] out string? host, [NotNullWhen(false)] out string? problem)
    {
        host = null;
        problem = null;
        if (text.StartsWith('[') && text.EndsWith(']'))
        {
            host = ReadIPv6(text[1..^1], out problem);
        }
        else if (text.Length == 0)
        {
            problem = "the host is missing; write host:port.";
        }
        else if (LooksNumeric().IsMatch(text))
        {
            if (DottedQuad().IsMatch(text))
                host = text;
            else
                problem = $"{Quoted.Text(text)} is not an IPv4 address of four decimal numbers from 0 to 255 without leading zeros.";
        }
        else if (text.Length <= 253 && HostName().IsMatch(text))
        {
            host = text.ToLowerInvariant();
        }
        else
        {
            problem = $"{Quoted.Text(text)} is not an address or a host name.";
        }

        return host is not null;
    }

    // One spelling per address, so that an address written in two ways is recognized; the zone stays as written, names of interfaces are
    // case-sensitive.
    private static string Canonical(IPAddress address, string text)
    {
        if (address.IsIPv4MappedToIPv6)
            return Unmapped(address).ToString();
        int percent = text.IndexOf('%', StringComparison.Ordinal);
        return percent < 0 ? address.ToString() : new IPAddress(address.GetAddressBytes()).ToString() + text[percent..];
    }

    private static string? ReadIPv6(string text, out string? problem)
    {
        bool hasZone = text.Contains('%');
        problem = null;
        if (!IPAddress.TryParse(text, out IPAddress? address) || address.AddressFamily != AddressFamily.InterNetworkV6
            || text.AsSpan().ContainsAny('[', ']'))
            problem = $"{Quoted.Text(text)} is not an IPv6 address.";
        else if (hasZone && address.ScopeId == 0) // what the framework makes of an unknown name
            problem = $"{Quoted.Text(text)} names an interface that this system does not have.";
        else if (!hasZone && address.IsIPv6LinkLocal)
            problem = $"{Quoted.Text(text)} is a link-local address, which needs its interface; write [{text}%eth0].";
        return problem is null ? Canonical(address!, text) : null;
    }

    // The WHATWG URL standard's rule: a host whose last label is a number (decimal, octal or hexadecimal) can only be an IPv4 address.
    [GeneratedRegex(@"(^|\.)([0-9]+|0[xX][0-9a-fA-F]*)\.?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LooksNumeric();

    [GeneratedRegex(@"^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(?!\z)|\z)){4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DottedQuad();

    // RFC 1123 labels, underscores admitted as container networks use them.
    [GeneratedRegex(@"^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
