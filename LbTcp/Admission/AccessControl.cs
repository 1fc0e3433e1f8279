using System.Net;
using LbTcp.Configuration;

namespace LbTcp.Admission;

/// <summary>
/// Decides by the access rules that apply now: a reload that changes them compiles them anew, on its own thread. Safe for use by any number
/// of threads.
/// </summary>
internal sealed class AccessControl
{
    private volatile AccessRules? _rules;

    /// <summary>Follows <paramref name="options"/>.</summary>
    public AccessControl(CurrentOptions<AdmissionOptions> options)
    {
        _rules = AccessRules.For(options.Value);
        options.Changed += (before, next) =>
        {
            if (!SameRules(before, next))
                _rules = AccessRules.For(next);
        };
    }

    /// <summary>Whether there are rules.</summary>
    public bool HasRules => _rules is not null;

    /// <summary>Decides about a client.</summary>
    /// <param name="client">The address of the client; null for the client of a unix socket.</param>
    public AccessDecision Decide(IPAddress? client) => _rules?.Decide(client) ?? new AccessDecision(IsAdmitted: true);

    private static bool SameRules(AdmissionOptions one, AdmissionOptions other) =>
        Equals(one.FileRules, other.FileRules) && one.Deny.Equals(other.Deny) && one.Allow.Equals(other.Allow);
}
