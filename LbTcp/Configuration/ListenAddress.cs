using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration;

/// <summary>An address that clients connect to, as the operator wrote it.</summary>
/// <param name="HostName">An address without brackets or a name; null for all interfaces, IPv4 and IPv6.</param>
/// <param name="Port">The port; 0 for any free one.</param>
internal sealed record ListenAddress(string? HostName, int Port)
{
    /// <summary>
    /// Reads <c>port</c>, <c>*:port</c>, <c>host:port</c> or <c>[ipv6]:port</c> strictly; <c>[::]</c> is all interfaces as well.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address if it is one.</param>
    /// <param name="error">Otherwise what is wrong with it, in one sentence that quotes <paramref name="text"/>.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        error = null;
        string? host = null;
        string? problem;
        bool isRight = text.Contains(':') && !text.StartsWith("*:", StringComparison.Ordinal)
            ? Hosts.TryParseHostAndPort(text, out host, out int port, out problem, lowestPort: 0)
            : Hosts.TryParsePort(text.StartsWith("*:", StringComparison.Ordinal) ? text[2..] : text, out port, out problem);
        if (isRight)
            address = new ListenAddress(host == "::" ? null : host, port);
        else
            error = $"{Quoted.Text(text)} is not an address to listen on: {problem}";
        return address is not null;
    }

    /// <summary>The address as it is written on the command line.</summary>
    public override string ToString() => Hosts.Format(HostName ?? "*", Port);
}
