using System.CommandLine;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Cli.Operate.Views;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Verbs;

/// <summary><c>lbtcp connections</c>: lists the connections that match, or ends them.</summary>
internal sealed class ConnectionsCommand : OperateCommand
{
    private const int MostPerPage = 1000;

    private readonly VerbFlag<string> _backend = new(VerbSettings.Backend);
    private readonly VerbFlag<string> _client = new(VerbSettings.Client);
    private readonly VerbFlag<TimeSpan> _idle = new(VerbSettings.Idle);
    private readonly VerbFlag<string> _service = new(VerbSettings.Service);
    private readonly VerbFlag<int> _limit = new(VerbSettings.Limit);
    private readonly Option<bool> _kill = new("--kill")
    {
        Arity = ArgumentArity.Zero,
        Description = "end the connections with a reset of both sides, after a confirmation",
    };

    private readonly Option<bool> _yes = new("--yes")
    {
        Arity = ArgumentArity.Zero,
        Description = "with --kill, do not ask for confirmation",
    };

    /// <summary>Declares the verb.</summary>
    public ConnectionsCommand(VerbEnvironment environment)
        : base("connections", "list connections by backend, client or idle time, or end them", environment)
    {
        foreach (Option flag in new Option[] { _backend, _client, _idle, _service, _limit, _kill, _yes })
            Add(flag);
    }

    /// <inheritdoc/>
    public override VerbHelp Help { get; } = new(
        "[FILTER]... [--limit NUMBER] [--kill [--yes]] [OPTION]...",
        "Lists the connections that match all filters (--service, --backend, --client, --idle), by ascending id. IN and OUT are bytes from "
        + "and to the client. With --json, each part of the list is a line.",
        "it failed, or the confirmation was refused",
        "lbtcp connections --backend web3 --idle 5m",
        "lbtcp connections --client 10.0.0.0/8 --kill");

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        var kill = new ConnectionKill(Environment, api);
        bool isKill = parsed.GetValue(_kill);
        if (isKill)
            kill.VerifyCanAsk(parsed.GetValue(_yes));
        (string Name, string? Value)[] query = await QueryAsync(parsed, api, cancellationToken);
        int limit = _limit.Read(parsed) is var given and > 0 ? given : int.MaxValue;
        var found = new List<string>();
        var list = new ConnectionList(Environment);
        await foreach (IReadOnlyList<ConnectionStatus> page in
            api.ReadConnectionsAsync(query, Math.Min(limit, MostPerPage), cancellationToken))
        {
            ConnectionStatus[] wanted = [.. page.Take(limit)];
            limit -= wanted.Length;
            if (isKill)
                found.AddRange(wanted.Select(connection => connection.Id));
            if (!IsJson(parsed))
                list.Write(wanted);
            else if (!isKill)
                WriteJson(new ItemList<ConnectionStatus>(wanted), ApiJson.Default.ItemListConnectionStatus);
            if (limit == 0)
                break;
        }

        return isKill ? await KillAsync(parsed, kill, found, cancellationToken) : ExitCode.Success;
    }

    private async Task<ExitCode> KillAsync(ParseResult parsed, ConnectionKill kill, List<string> ids, CancellationToken cancellationToken)
    {
        if (!kill.Confirm(ids.Count, isConfirmed: parsed.GetValue(_yes)))
            return ExitCode.Failure;
        IReadOnlyList<ChangeResult> results = await kill.CloseAsync(ids, cancellationToken);
        if (IsJson(parsed))
            WriteJson(new ItemList<ChangeResult>(results), ApiJson.Default.ItemListChangeResult);
        else
            ConnectionKill.Write(results, Output);
        return ExitCode.Success;
    }

    private async Task<(string Name, string? Value)[]> QueryAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        string? service = NullIfEmpty(_service.Read(parsed));
        string? backend = NullIfEmpty(_backend.Read(parsed));
        if (backend is not null)
        {
            IReadOnlyList<BackendStatus> all = await api.ReadBackendsAsync(cancellationToken);
            IReadOnlyList<BackendStatus> meant = BackendSelector.All(all, backend, service ?? "");
            if (meant.Count == 0)
                throw BackendSelector.Unknown(all, backend, service ?? "");
            backend = meant.Count == 1 ? meant[0].Name : backend;
            service = meant.Count == 1 ? meant[0].Service : service;
        }

        TimeSpan idle = _idle.Read(parsed);
        return
        [
            ("service", service),
            ("backend", backend),
            ("client", NullIfEmpty(_client.Read(parsed))),
            ("idle", idle == TimeSpan.Zero ? null : Duration.Format(idle)),
        ];
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
