using LbTcp.Backends;
using LbTcp.Configuration.Settings;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting.Operations;

/// <summary>Changes the process that runs.</summary>
/// <param name="services">The services.</param>
/// <param name="reloads">Reloads the configuration; null if it cannot be read again.</param>
/// <param name="logs">Has the level of the log.</param>
internal sealed class HostControl(ServiceLookup services, ReloadLoop? reloads, LogPipeline logs) : IHostControl
{
    private readonly BackendControl _backends = new(services);
    private readonly ConnectionControl _connections = new(services);
    private readonly RequestLog _log = new(logs.Loggers.CreateLogger<RequestLog>());
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public ChangeResult SetIntent(string service, string backend, BackendIntent intent, Requester requester) =>
        _backends.SetIntent(service, backend, intent, requester);

    /// <inheritdoc/>
    public ChangeResult SetWeight(string service, string backend, int? weight, Requester requester) =>
        _backends.SetWeight(service, backend, weight, requester);

    /// <inheritdoc/>
    public ChangeResult CloseConnection(long id, Requester requester) => _connections.Close(id, requester);

    /// <inheritdoc/>
    public async Task<ReloadReport> ReloadAsync(bool dryRun, Requester requester, CancellationToken cancellationToken)
    {
        if (reloads is null)
            return new ReloadReport(Applied: false, ["lbtcp was started without a configuration that can be read again."], []);
        ReloadOutcome outcome;
        if (dryRun)
        {
            outcome = await Task.Run(reloads.Plan, cancellationToken);
        }
        else
        {
            _log.ReloadRequested(requester);
            outcome = await reloads.RequestAsync().WaitAsync(cancellationToken);
        }

        return new ReloadReport(
            Applied: !dryRun && outcome.Plan is not null,
            [.. outcome.Errors.Select(error => $"{error}")],
            outcome.Plan is { } plan ? ReloadChanges.Of(plan) : []);
    }

    /// <inheritdoc/>
    public RebalanceReport Rebalance(RebalanceRequest request, Requester requester) => _connections.Rebalance(request, requester);

    /// <inheritdoc/>
    public ChangeResult SetLogLevel(LogLevel level, Requester requester)
    {
        string name = HostSettings.LogLevel.Form.Format(level);
        lock (_gate)
        {
            LogLevel before = logs.Level;
            if (before == level)
                return new ChangeResult(ChangeStatus.Unchanged, $"The log level is {name} already.");
            string was = HostSettings.LogLevel.Form.Format(before);
            logs.Level = (LogLevel)Math.Min((int)before, (int)level); // the record is written if either level allows it
            _log.LogLevelSet(name, was, requester);
            logs.Level = level;
            return new ChangeResult(ChangeStatus.Done, $"The log level is {name}; it was {was}.");
        }
    }
}
