using System.Globalization;
using LbTcp.Configuration;

namespace LbTcp.Admission;

/// <summary>Whether a client is admitted, and the rule that says so.</summary>
/// <param name="IsAdmitted">Whether it is admitted.</param>
/// <param name="Rule">The first rule that matches; null if none does.</param>
/// <param name="File">The file of the rule; null for a rule of the settings.</param>
internal readonly record struct AccessDecision(bool IsAdmitted, AccessRule? Rule = null, string? File = null)
{
    /// <summary>The place of the rule: <c>access.txt:12</c>, or <c>--deny 10.0.0.0/8</c>; null if no rule matches.</summary>
    public string? Place => Rule is not { } rule ? null
        : File is null ? $"--{rule}"
        : string.Create(CultureInfo.InvariantCulture, $"{File}:{rule.Line}");

    /// <summary>The decision, as it follows the client: <c>is refused by deny 10.0.0.0/8, access.txt:12</c>.</summary>
    public override string ToString() => (IsAdmitted, Rule) switch
    {
        (true, null) => "is admitted: no rule matches",
        (false, null) => "is refused: no rule allows it",
        (var isAdmitted, { } rule) => $"is {(isAdmitted ? "admitted" : "refused")} by {(File is null ? Place : $"{rule}, {Place}")}",
    };
}
