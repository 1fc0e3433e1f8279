using LbTcp.Configuration;

namespace LbTcp.Hosting;

/// <summary>What a reload changes: the running process.</summary>
internal interface IReloadTarget
{
    /// <summary>Replaces the configuration as a whole or not at all.</summary>
    /// <param name="next">A valid configuration.</param>
    /// <param name="cancellationToken">Gives up, while nothing was changed yet.</param>
    Task<ApplyResult> ApplyAsync(HostOptions next, CancellationToken cancellationToken);

    /// <summary>Plans the way to a configuration, and changes nothing.</summary>
    /// <param name="next">A valid configuration.</param>
    HostPlan Plan(HostOptions next);

    /// <summary>Called when the changes have been logged: from now on, a stricter log level applies.</summary>
    void EndReport();
}
