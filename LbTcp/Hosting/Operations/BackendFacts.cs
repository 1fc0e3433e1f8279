using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;

namespace LbTcp.Hosting.Operations;

/// <summary>What the state of a backend is explained by.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Record">Its health record.</param>
/// <param name="Journal">The latest changes of its state.</param>
/// <param name="Shares">The shares of all backends of its group.</param>
/// <param name="Options">The options of its service.</param>
/// <param name="Now">The time.</param>
internal sealed record BackendFacts(
    Backend Backend, BackendHealth Record, BackendJournal Journal, PickShares Shares, ServiceOptions Options, DateTimeOffset Now)
{
    /// <summary>What checks and traffic say.</summary>
    public HealthState Health { get; } = HealthWords.Of(Backend, Record, Options.HealthCheck);

    /// <summary>How it is checked, if it is.</summary>
    public CheckKind CheckKind => Options.HealthCheck.KindFor(Backend.Options);

    /// <summary>Whether health checks are made.</summary>
    public bool IsChecked => Backend is { IsResolved: true, Intent: not BackendIntent.Maint } && CheckKind is not CheckKind.None;

    /// <summary>Whether a new connection may go to it now.</summary>
    public bool IsAvailable => Shares.Includes(Backend) && !Backend.IsFull;

    /// <summary>Whether it is left alone only because other backends are available, which are no backups.</summary>
    public bool IsInReserve => Backend is { IsHealthy: true, IsResolved: true, Intent: BackendIntent.Ready, Weight: > 0 }
        && Backend.Options.IsBackup && !Shares.Includes(Backend);
}
