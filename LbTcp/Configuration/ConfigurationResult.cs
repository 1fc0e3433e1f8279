using System.Diagnostics.CodeAnalysis;
using LbTcp.Configuration.Sources;

namespace LbTcp.Configuration;

/// <summary>The configuration of the process as read from all of its sources: flags, environment and files.</summary>
/// <param name="Options">The options; null if there are errors.</param>
/// <param name="Errors">Every mistake that was found; empty if the configuration is valid.</param>
/// <param name="Files">
/// The files that were read or should have been, whether valid or not; a change of any of them is a reason to read again.
/// </param>
internal sealed record ConfigurationResult(HostOptions? Options, IReadOnlyList<ConfigurationError> Errors, IReadOnlyList<string> Files)
{
    /// <summary>What is probably a mistake and no reason not to start, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Where the values in effect were written.</summary>
    public SettingOrigins Origins { get; init; } = new();

    /// <summary>Whether the configuration can be used.</summary>
    [MemberNotNullWhen(true, nameof(Options))]
    public bool IsValid => Options is not null;
}
