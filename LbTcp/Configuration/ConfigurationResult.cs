using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration;

/// <summary>The configuration of the process as read from all of its sources: flags, environment and files.</summary>
/// <param name="Options">The options; null if there are errors.</param>
/// <param name="Errors">Every mistake that was found; empty if the configuration is valid.</param>
/// <param name="Files">
/// The files that were read or should have been, whether valid or not; a change of any of them is a reason to read again.
/// </param>
internal sealed record ConfigurationResult(HostOptions? Options, IReadOnlyList<ConfigurationError> Errors, IReadOnlyList<string> Files)
{
    /// <summary>Whether the configuration can be used.</summary>
    [MemberNotNullWhen(true, nameof(Options))]
    public bool IsValid => Options is not null;

    /// <summary>The first error, without its place, and the number of others, in one line for the log; null if there are none.</summary>
    public string? ErrorSummary => Errors.Count switch
    {
        0 => null,
        1 => Errors[0].Message,
        _ => $"{Errors[0].Message} (and {Errors.Count - 1} more)",
    };
}
