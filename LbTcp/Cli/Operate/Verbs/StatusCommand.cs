using System.CommandLine;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Views;

namespace LbTcp.Cli.Operate.Verbs;

/// <summary><c>lbtcp status</c>: the state of all services and backends.</summary>
/// <param name="environment">The process that it runs in.</param>
internal sealed class StatusCommand(VerbEnvironment environment)
    : OperateCommand("status", "print the state of all services and backends", environment)
{
    /// <inheritdoc/>
    public override VerbHelp Help { get; } = new(
        "[OPTION]...",
        "Prints a line for each service and a table of its backends. Rates are averages over the last 10 seconds, CONNECT is the median of "
        + "the time to connect, and SINCE is the age of the state. REASON is shown where state and last check do not say why a backend is "
        + "not available.",
        "lbtcp cannot be asked",
        "lbtcp status",
        "lbtcp status --json | jq '.backends[] | select(.available | not).name'");

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        StateReport state = await api.ReadStateAsync(cancellationToken);
        if (IsJson(parsed))
            WriteJson(state, ApiJson.Default.StateReport);
        else
            new StatusView(Environment).Write(state);
        return ExitCode.Success;
    }
}
