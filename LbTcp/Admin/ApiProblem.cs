using Microsoft.AspNetCore.WebUtilities;

namespace LbTcp.Admin;

/// <summary>Why a request failed, as problem details of RFC 9457.</summary>
/// <param name="Type">The kind of the problem, a URI; <c>about:blank</c> if the status says it all.</param>
/// <param name="Title">The kind of the problem in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">One sentence that says what is wrong, and the remedy where it is not obvious.</param>
internal sealed record ApiProblem(string? Type, string? Title, int Status, string? Detail)
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>A problem that its status names.</summary>
    public static ApiProblem Of(int status, string detail) =>
        new("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail);
}
