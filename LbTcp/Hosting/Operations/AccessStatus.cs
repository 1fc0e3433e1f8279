using System.Net;
using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Hosting.Operations;

/// <summary>Whether a service admits a client.</summary>
/// <param name="Service">The service.</param>
/// <param name="Admitted">Whether it does.</param>
/// <param name="Rule">The access rule that decides, such as <c>deny 10.0.0.0/8</c>; null if none matches.</param>
/// <param name="Place">The place of the rule: file and line, or flag and value; null if none matches.</param>
/// <param name="Decision">The decision in words, as it follows the client.</param>
internal sealed record AccessStatus(string Service, bool Admitted, string? Rule, string? Place, string Decision)
{
    private Setting? _setting;

    /// <summary>Decides by the options of a service, without a running process.</summary>
    public static AccessStatus Of(ServiceOptions service, IPAddress? client) =>
        Of(service.Name, AccessRules.For(service.Admission)?.Decide(client) ?? new(IsAdmitted: true));

    /// <summary>The status that follows from a decision.</summary>
    public static AccessStatus Of(string service, in AccessDecision decision) =>
        new(service, decision.IsAdmitted, decision.Rule?.ToString(), decision.Place, decision.ToString())
        {
            _setting = decision is not { Rule: { } rule, File: null } ? null
                : rule.Allows ? AdmissionSettings.Allow
                : AdmissionSettings.Deny,
        };

    /// <summary>The setting whose value the rule is; null for a rule of an access file, and without a rule.</summary>
    public Setting? FindSetting() => _setting;
}
