using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace LbTcp.Configuration;

/// <summary>The address of a name server as text: <c>10.0.0.2</c>, <c>10.0.0.2:5353</c>, <c>::1</c> or <c>[::1]:5353</c>.</summary>
internal static class NameServerAddress
{
    /// <summary>The port of DNS (RFC 1035, section 4.2).</summary>
    public const int DefaultPort = 53;

    /// <summary>Reads an address strictly.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address if it is one.</param>
    /// <param name="error">Otherwise what is wrong with it, in one sentence that quotes <paramref name="text"/>.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? address, [NotNullWhen(false)] out string? error)
    {
        bool hasPort = text.Contains("]:", StringComparison.Ordinal) || text.Count(c => c == ':') == 1;
        string complete = hasPort ? text : text.EndsWith(']') ? $"{text}:{DefaultPort}" : Hosts.Format(text, DefaultPort);
        address = null;
        error = Hosts.TryParseHostAndPort(complete, out string? host, out int port, out string? problem)
            ? null
            : $"{Quoted.Text(text)} is not the address of a name server: {problem}";
        if (error is null && IPAddress.TryParse(host, out IPAddress? parsed))
            address = new IPEndPoint(parsed, port);
        else
            error ??= $"{Quoted.Text(text)} is a name; the address of a name server cannot be resolved, write an IP address.";
        return address is not null;
    }
}
