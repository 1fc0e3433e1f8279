using LbTcp.Admission;

namespace LbTcp.Hosting.Operations;

/// <summary>Whether a service admits a client.</summary>
/// <param name="Service">The service.</param>
/// <param name="Admitted">Whether it does.</param>
/// <param name="Rule">The access rule that decides, such as <c>deny 10.0.0.0/8</c>; null if none matches.</param>
/// <param name="Place">The place of the rule: file and line, or flag and value; null if none matches.</param>
/// <param name="Decision">The decision in words, as it follows the client.</param>
internal sealed record AccessStatus(string Service, bool Admitted, string? Rule, string? Place, string Decision)
{
    /// <summary>The status that follows from a decision.</summary>
    public static AccessStatus Of(string service, in AccessDecision decision) =>
        new(service, decision.IsAdmitted, decision.Rule?.ToString(), decision.Place, decision.ToString());
}
