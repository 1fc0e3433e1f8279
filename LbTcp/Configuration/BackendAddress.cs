using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace LbTcp.Configuration;

/// <summary>
/// The address of a backend: <c>[scheme://]host:port</c>, with scheme <c>tcp</c> (the default), <c>http</c> or <c>https</c>; a unix
/// socket, <c>unix:/path</c>; or <c>srv+tcp://name</c>, whose SRV records (RFC 2782) name hosts and ports.
/// </summary>
/// <param name="Text">The address as the operator wrote it.</param>
/// <param name="Scheme">The scheme.</param>
/// <param name="HostName">The host in lower case; an IPv6 address without brackets; a unix socket with its <c>unix:</c>.</param>
/// <param name="Port">The port, 1 to 65535; 0 for a unix socket and for a service.</param>
/// <param name="IsService">Whether the host is the name of SRV records.</param>
internal sealed record BackendAddress(string Text, BackendScheme Scheme, string HostName, int Port, bool IsService = false)
{
    /// <summary>
    /// Host and port in URL notation, an IPv6 address in brackets, <c>[::1]:3001</c>; <c>unix:/path</c>; the name alone for a service.
    /// </summary>
    public string HostAndPort { get; } = IsService || IsUnix(HostName, Port) ? HostName : Hosts.Format(HostName, Port);

    /// <summary>What is dialled, if that needs no look-up; null for a host name.</summary>
    public EndPoint? EndPoint { get; } =
        IsService ? null
        : IsUnix(HostName, Port) ? new UnixEndPoint(HostName[UnixEndPoint.Prefix.Length..])
        : IPAddress.TryParse(HostName, out IPAddress? address) ? new IPEndPoint(address, Port)
        : null;

    /// <summary>Whether the host is a name, as opposed to an address or a unix socket.</summary>
    public bool IsName => EndPoint is null;

    /// <summary>
    /// Returns the <see cref="HostAndPort"/> that a text stands for, whatever its scheme: <c>http://WEB1:3001/</c> is <c>web1:3001</c>. A
    /// text that is no address is returned as it is.
    /// </summary>
    public static string IdentityOf(string text) => TryParse(text, out BackendAddress? address, out _) ? address.HostAndPort : text;

    /// <summary>Reads an address strictly.</summary>
    /// <param name="text">The address; surrounding blanks are refused.</param>
    /// <param name="address">The address if it is one.</param>
    /// <param name="error">Otherwise what is wrong with it, in one sentence that quotes <paramref name="text"/> escaped.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out BackendAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        error = null;
        if (UnixEndPoint.IsMeant(text))
            return TryParseUnix(text, out address, out error);
        string rest = text;
        BackendScheme scheme = BackendScheme.Tcp;
        bool isService = false;
        int separator = text.IndexOf("://", StringComparison.Ordinal);
        if (separator >= 0)
        {
            switch (text[..separator].ToLowerInvariant())
            {
                case "tcp": break;
                case "http": scheme = BackendScheme.Http; break;
                case "https": scheme = BackendScheme.Https; break;
                case "srv+tcp": isService = true; break;
                case "srv+http": (isService, scheme) = (true, BackendScheme.Http); break;
                case "srv+https": (isService, scheme) = (true, BackendScheme.Https); break;
                default:
                    error = $"{Quoted.Text(text)} has an unknown scheme; use tcp://, http://, https:// or srv+tcp://.";
                    return false;
            }

            rest = text[(separator + 3)..];
            if (UnixEndPoint.IsMeant(rest))
            {
                error = $"{Quoted.Text(text)} has a scheme; write a unix socket as unix:/path, with check=http for HTTP checks.";
                return false;
            }

            int slash = rest.IndexOf('/', StringComparison.Ordinal);
            if (slash >= 0 && slash < rest.Length - 1)
            {
                error = $"{Quoted.Text(text)} has a path; a backend is host:port only (the health endpoint is set with --health-path).";
                return false;
            }

            if (slash >= 0)
                rest = rest[..slash];
        }

        int port = 0;
        if (!(isService
                ? Hosts.TryParseName(rest, out string? host, out string? problem)
                : Hosts.TryParseHostAndPort(rest, out host, out port, out problem)))
        {
            error = $"{Quoted.Text(text)} is not a backend: {problem}";
            return false;
        }

        address = new BackendAddress(text, scheme, host, port, isService);
        return true;
    }

    private static bool IsUnix(string host, int port) => port == 0 && host.StartsWith(UnixEndPoint.Prefix, StringComparison.Ordinal);

    private static bool TryParseUnix(string text, out BackendAddress? address, out string? error)
    {
        bool isRight = UnixEndPoint.TryParse(text, out UnixEndPoint? unix, out string? problem);
        address = isRight ? new BackendAddress(text, BackendScheme.Tcp, unix!.ToString(), Port: 0) : null;
        error = isRight ? null : $"{Quoted.Text(text)} is not a backend: {problem}";
        return isRight;
    }
}
