using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>Which clients are admitted, and how many of one source.</summary>
internal sealed record AdmissionOptions
{
    /// <summary>The networks that are admitted, after the rules of the file and after <see cref="Deny"/>.</summary>
    public IReadOnlyList<Network> Allow { get; init; } = AdmissionSettings.Allow.Default;

    /// <summary>The networks that are refused, after the rules of the file.</summary>
    public IReadOnlyList<Network> Deny { get; init; } = AdmissionSettings.Deny.Default;

    /// <summary>The file of rules; null for none.</summary>
    public string? AccessFile { get; init; } = AdmissionSettings.AccessFile.Default;

    /// <summary>The rules of the file; null without one.</summary>
    public AccessFile? FileRules { get; init; }

    /// <summary>The maximum number of concurrent connections of one source; 0 for no limit.</summary>
    public int MaxConnectionsPerSource { get; init; } = AdmissionSettings.MaxConnectionsPerSource.Default;

    /// <summary>The maximum rate of new connections of one source; null for no limit.</summary>
    public EventRate? ConnectionRatePerSource { get; init; } = AdmissionSettings.ConnectionRatePerSource.Default;

    /// <summary>The number of connections of one source that may come at once; null for those of one second, at least one.</summary>
    public int? ConnectionBurstPerSource { get; init; } = AdmissionSettings.ConnectionBurstPerSource.Default;

    /// <summary>The maximum rate of new connections of the service; null for no limit.</summary>
    public EventRate? ConnectionRate { get; init; } = AdmissionSettings.ConnectionRate.Default;

    /// <summary>The number of connections of the service that may come at once; null for those of one second, at least one.</summary>
    public int? ConnectionBurst { get; init; } = AdmissionSettings.ConnectionBurst.Default;

    /// <summary>The length of the prefix by which IPv6 sources are told apart.</summary>
    public int SourcePrefixIPv6 { get; init; } = AdmissionSettings.SourcePrefixIPv6.Default;

    /// <summary>What a client gets that exceeds a limit.</summary>
    public OverLimit OverLimit { get; init; } = AdmissionSettings.OverLimit.Default;

    /// <summary>Whether there is a limit per source or a rate.</summary>
    public bool HasLimits => MaxConnectionsPerSource > 0 || ConnectionRatePerSource is not null || ConnectionRate is not null;
}
