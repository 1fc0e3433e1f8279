namespace LbTcp.Configuration;

/// <summary>The path that an HTTP check requests.</summary>
internal static class HealthPath
{
    /// <summary>The accepted paths, as the end of a sentence with "is not".</summary>
    public const string Range = "a path like /health, in ASCII, without blanks and #";

    /// <summary>
    /// Says what is wrong with a path, in one sentence; null if it is accepted. The path is copied into a request line (RFC 9112 section
    /// 3.2.1): a blank or line break in it would start another request.
    /// </summary>
    public static string? FindProblem(string path) =>
        path.StartsWith('/') && !path.AsSpan().ContainsAnyExceptInRange('!', '~') && !path.Contains('#')
            ? null
            : $"{Quoted.Text(path)} is not {Range}.";
}
