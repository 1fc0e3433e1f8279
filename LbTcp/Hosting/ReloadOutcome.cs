using LbTcp.Configuration;

namespace LbTcp.Hosting;

/// <summary>What became of a request to reload.</summary>
/// <param name="Errors">Why nothing was changed; empty if the plan was carried out, or could be.</param>
/// <param name="Plan">The plan; null if it was refused.</param>
internal sealed record ReloadOutcome(IReadOnlyList<ConfigurationError> Errors, HostPlan? Plan)
{
    /// <summary>The request came while the process stops.</summary>
    public static ReloadOutcome Stopping { get; } = new([new ConfigurationError("lbtcp", "It is stopping.")], null);

    /// <summary>Returns the outcome of a plan, or of its refusal.</summary>
    /// <param name="result">The plan or the refusals.</param>
    /// <param name="files">The files of the configuration.</param>
    public static ReloadOutcome Of(ApplyResult result, IReadOnlyList<string> files) =>
        new([.. result.Refusals.Select(refusal => new ConfigurationError(SourceOf(files), refusal))], result.Plan);

    /// <summary>Returns the name of a configuration in the log.</summary>
    public static string SourceOf(IReadOnlyList<string> files) => files.Count == 0 ? "flags" : TextFile.NameOf(files[0]);
}
