using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace LbTcp.Configuration;

/// <summary>Who can reach the admin endpoint, and the token that it asks for.</summary>
internal static class AdminAccess
{
    private const int LongestToken = 1024;

    /// <summary>
    /// Reads an address of the admin endpoint: as a listen address, but a port alone is one of 127.0.0.1, so that nothing is opened to
    /// other machines by an omission, and a name is taken only if it is <c>localhost</c>, which needs no look-up.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address if it is one.</param>
    /// <param name="error">Otherwise what is wrong with it, in one sentence that quotes <paramref name="text"/>.</param>
    public static bool TryParseAddress(
        string text, [NotNullWhen(true)] out ListenAddress? address, [NotNullWhen(false)] out string? error)
    {
        if (!text.StartsWith('[') && IPAddress.TryParse(text, out _) && text.AsSpan().ContainsAny('.', ':'))
        {
            (address, error) = (null, $"{Quoted.Text(text)} is not an address to listen on: the port is missing; write "
                + $"{Hosts.Format(text, 9900)}.");
            return false;
        }

        if (!ListenAddress.TryParse(text, out address, out error))
            return false;
        if (address.Unix is null && !text.Contains(':'))
        {
            address = new ListenAddress("127.0.0.1", address.Port);
            return true;
        }

        if (address.HostName is not { } host || Hosts.IsLocalhost(host) || IPAddress.TryParse(host, out _))
            return true;
        (address, error) = (null, $"{Quoted.Text(text)} is a name; write an address or localhost.");
        return false;
    }

    /// <summary>Whether only programs of this machine can connect.</summary>
    public static bool IsLocal(ListenAddress address) => address.Unix is not null
        || (address.HostName is { } host
            && (Hosts.IsLocalhost(host) || (IPAddress.TryParse(host, out IPAddress? literal) && IPAddress.IsLoopback(literal))));

    /// <summary>Reads the token of a file, without the blanks and line breaks around it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="token">The token.</param>
    /// <param name="error">Otherwise what is wrong with the file.</param>
    public static bool TryReadToken(
        string path, [NotNullWhen(true)] out string? token, [NotNullWhen(false)] out ConfigurationError? error)
    {
        token = null;
        if (!TextFile.TryRead(path, "a token file", out string? text, out error))
            return false;
        string trimmed = text.Trim();
        string? problem = trimmed.Length == 0 ? "is empty; write a token into it, such as the output of 'openssl rand -hex 32'."
            : trimmed.Length > LongestToken ? $"has more than {LongestToken} characters, the maximum for a token."
            : trimmed.AsSpan().ContainsAnyExceptInRange('!', '~') ? "is not a token file: a token is one word of visible ASCII characters."
            : null;
        string name = SafeText.Escape(path);
        error = problem is null ? null : new ConfigurationError(name, $"{name} {problem}");
        token = problem is null ? trimmed : null;
        return error is null;
    }

    /// <summary>What is probably a mistake with the token file, one sentence each.</summary>
    /// <param name="options">The options of the process; null if they have mistakes.</param>
    public static IEnumerable<string> FindWarnings(HostOptions? options) => options is { AdminTokenFile: { } path, Admin: null }
        ? [$"{SafeText.Escape(path)} is not used: there is no admin endpoint; --admin turns it on."]
        : [];
}
