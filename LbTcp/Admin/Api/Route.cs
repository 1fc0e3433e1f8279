namespace LbTcp.Admin.Api;

/// <summary>One operation of the admin endpoint.</summary>
/// <param name="Method">The method; <c>GET</c> includes HEAD, unless the answer is a stream.</param>
/// <param name="Pattern">The path, with <c>{name}</c> for a segment that is a value.</param>
/// <param name="Handle">Answers a request.</param>
/// <param name="Query">The names of the parameters that it knows.</param>
internal sealed record Route(string Method, string Pattern, Func<ApiRequest, Task> Handle, params string[] Query)
{
    /// <summary>The segments of the path.</summary>
    public string[] Segments { get; } = Pattern.Split('/');

    /// <summary>Whether it needs no token.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether the answer has no end.</summary>
    public bool IsStream { get; init; }

    /// <summary>The methods that it answers.</summary>
    public IReadOnlyList<string> Methods => Method == "GET" && !IsStream ? ["GET", "HEAD"] : [Method];
}
