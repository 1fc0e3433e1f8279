using LbTcp.Backends;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting.Operations;

/// <summary>Changes a running process for an operator. Every change is logged with the requester. Safe to call from any thread.</summary>
internal interface IHostControl
{
    /// <summary>Sets the intent for a backend, which lasts until it is set again, through reloads.</summary>
    ChangeResult SetIntent(string service, string backend, BackendIntent intent, Requester requester);

    /// <summary>
    /// Overrides the weight of a backend, until a reload changes its configured weight; null removes the override.
    /// </summary>
    ChangeResult SetWeight(string service, string backend, int? weight, Requester requester);

    /// <summary>Ends a connection with a reset of both sides.</summary>
    ChangeResult CloseConnection(long id, Requester requester);

    /// <summary>Reads the configuration again and applies it; a dry run only says what would be changed.</summary>
    Task<ReloadReport> ReloadAsync(bool dryRun, Requester requester, CancellationToken cancellationToken);

    /// <summary>Starts to move connections; a rebalance of the same service that is under way is replaced.</summary>
    RebalanceReport Rebalance(RebalanceRequest request, Requester requester);

    /// <summary>Changes the minimum level of log lines, until a reload changes the configured one.</summary>
    ChangeResult SetLogLevel(LogLevel level, Requester requester);
}
