using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace LbTcp.Configuration;

/// <summary>An address that clients connect to, as the operator wrote it.</summary>
/// <param name="HostName">
/// An address without brackets or a name; null for all interfaces, IPv4 and IPv6, and for a unix socket.
/// </param>
/// <param name="Port">The port; 0 for any free one, and for a unix socket.</param>
internal sealed record ListenAddress(string? HostName, int Port)
{
    /// <summary>The unix socket, if it is one.</summary>
    public UnixEndPoint? Unix { get; init; }

    /// <summary>What no two addresses may have in common; null for one that may be repeated: any free port.</summary>
    public string? Identity => Unix is not null ? Unix.ToString() : Port == 0 ? null : ToString();

    /// <summary>
    /// Whether the system can listen on one of the two only, as far as the texts tell: they are the same, or one is the wildcard address
    /// of the other's family and port.
    /// </summary>
    public bool Overlaps(ListenAddress other)
    {
        if (Identity is null || Unix is not null || other.Unix is not null || Port != other.Port)
            return Identity is not null && Identity == other.Identity;
        return HostName is null || other.HostName is null || HostName == other.HostName
            || Includes(HostName, other.HostName) || Includes(other.HostName, HostName);
    }

    /// <summary>
    /// Reads <c>port</c>, <c>*:port</c>, <c>host:port</c>, <c>[ipv6]:port</c> or <c>unix:/path[,option]...</c> strictly; <c>[::]</c> is
    /// all interfaces as well.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address if it is one.</param>
    /// <param name="error">Otherwise what is wrong with it, in one sentence that quotes <paramref name="text"/>.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = UnixEndPoint.IsMeant(text) ? ReadUnix(text, out string? problem) : ReadHostAndPort(text, out problem);
        error = address is null ? $"{Quoted.Text(text)} is not an address to listen on: {problem}" : null;
        return address is not null;
    }

    /// <summary>The address as it is written on the command line.</summary>
    public override string ToString() => Unix is null ? Hosts.Format(HostName ?? "*", Port)
        : Unix.Access == UnixFileAccess.Default ? Unix.ToString()
        : $"{Unix},{Unix.Access}";

    private static bool Includes(string wildcard, string host) => wildcard == "0.0.0.0" && IPAddress.TryParse(host, out IPAddress? address)
        && address.AddressFamily is AddressFamily.InterNetwork;

    private static ListenAddress? ReadHostAndPort(string text, out string? problem)
    {
        string? host = null;
        bool isRight = text.Contains(':') && !text.StartsWith("*:", StringComparison.Ordinal)
            ? Hosts.TryParseHostAndPort(text, out host, out int port, out problem, lowestPort: 0)
            : Hosts.TryParsePort(text.StartsWith("*:", StringComparison.Ordinal) ? text[2..] : text, out port, out problem);
        return isRight ? new ListenAddress(host == "::" ? null : host, port) : null;
    }

    private static ListenAddress? ReadUnix(string text, out string? problem)
    {
        string[] parts = text.Split(',');
        if (!UnixEndPoint.TryParse(parts[0], out UnixEndPoint? unix, out problem)
            || !UnixFileAccess.TryParse(parts.Skip(1), out UnixFileAccess? access, out problem))
            return null;
        if (unix.IsAbstract && parts.Length > 1)
        {
            problem = "a name that begins with @ has no file, and so neither mode nor owner nor group.";
            return null;
        }

        return new ListenAddress(null, 0) { Unix = new UnixEndPoint(unix.Path, access) };
    }
}
