using LbTcp.Configuration;

namespace LbTcp.Hosting;

/// <summary>What a reload changes: the running process.</summary>
internal interface IReloadTarget
{
    /// <summary>Applies a valid configuration as a whole or not at all, and logs each change.</summary>
    Task<ReloadResult> ApplyAsync(HostOptions next, CancellationToken cancellationToken);
}
