namespace LbTcp.Configuration;

/// <summary>What an HTTP check asks for.</summary>
internal static class HealthPath
{
    /// <summary>
    /// Says what is wrong with a path, in one sentence; null when it is right. It goes into a request line as it is (RFC 9112 section 3.2.1): a
    /// blank or line break in it would make another request.
    /// </summary>
    public static string? FindProblem(string path) =>
        path.StartsWith('/') && !path.AsSpan().ContainsAnyExceptInRange('!', '~') && !path.Contains('#')
            ? null
            : $"{Quoted.Text(path)} is not a path like /health, in ASCII, without blanks and #.";
}
