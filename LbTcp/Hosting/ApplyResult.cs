namespace LbTcp.Hosting;

/// <summary>The result of applying a configuration to the running process: it was refused as a whole, or carried out as a whole.</summary>
/// <param name="Refusals">The reasons why nothing was changed, each a sentence for the operator; empty if the plan was carried out.</param>
/// <param name="Plan">The plan that was carried out; null if it was refused.</param>
internal sealed record ApplyResult(IReadOnlyList<string> Refusals, HostPlan? Plan)
{
    /// <summary>Nothing was changed.</summary>
    public static ApplyResult Refused(params IReadOnlyList<string> reasons) => new(reasons, null);
}
