using System.CommandLine;
using System.Net;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Cli.Operate.Views;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Verbs;

/// <summary><c>lbtcp explain</c>: why a backend, a connection or a client is treated as it is.</summary>
internal sealed class ExplainCommand : OperateCommand
{
    private static readonly Setting<string> _meaning = new(
        "subject", new TextForm("SUBJECT", "a text", text => text.Length == 0 ? "the text is empty." : null), "",
        "a backend; the id of a connection, or its client with the port; or the address of a client");

    private readonly VerbArgument<string> _subject = new("BACKEND|CONNECTION|CLIENT", _meaning);
    private static readonly Setting<string> _address = new(
        "client", new TextForm("ADDRESS", "the address of a client, or unix", FindClientProblem), "",
        "say which services admit a client of this address, or unix for one of a unix socket, and by which rule");

    private readonly VerbFlag<string> _client = new(_address);
    private readonly VerbFlag<string> _service = new(VerbSettings.Service);

    /// <summary>Declares the verb.</summary>
    public ExplainCommand(VerbEnvironment environment)
        : base("explain", "say why a backend, a connection or a client is treated as it is", environment)
    {
        _subject.Arity = ArgumentArity.ZeroOrOne;
        Add(_subject);
        Add(_client);
        Add(_service);
    }

    /// <inheritdoc/>
    public override VerbHelp Help { get; } = new(
        "BACKEND|CONNECTION|CLIENT [--service SERVICE] [OPTION]...",
        "Of a backend: its state with the last checks and changes, what comes next, and why it gets the share that it gets. Of a "
        + "connection, given by its id in the log or by the client's address and port: why its backend was picked, and which attempts "
        + "failed. Of the address of a client: where a new connection from there would go now; with --client, only whether it is "
        + "admitted, and by which access rule. Times of day are local.",
        "lbtcp cannot be asked",
        "lbtcp explain web2",
        "lbtcp explain 1f3",
        "lbtcp explain 10.0.0.9",
        "lbtcp explain --client 10.0.0.9");

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        if (parsed.GetResult(_subject) is { Tokens.Count: > 0 } == parsed.GetResult(_client) is not null)
            throw new OperatorException(ExitCode.Usage, $"Give either BACKEND, CONNECTION or CLIENT, or {_client.Name} ADDRESS.");
        if (parsed.GetResult(_client) is not null)
            return await ExplainAccessAsync(parsed, api, cancellationToken);
        string subject = _subject.Read(parsed);
        string service = _service.Read(parsed);
        bool isJson = IsJson(parsed);
        IReadOnlyList<BackendStatus> backends = await api.ReadBackendsAsync(cancellationToken);
        if (BackendSelector.All(backends, subject, service).Count > 0)
        {
            BackendStatus backend = BackendSelector.One(backends, subject, service);
            Write(await api.ReadBackendAsync(backend, cancellationToken), isJson);
        }
        else if (Networks.ReadAddress(subject) is { } client)
        {
            Write(await api.ForecastPickAsync(client, cancellationToken), client, service, isJson);
        }
        else
        {
            Write(await ConnectionAsync(api, subject, cancellationToken) ?? throw Unknown(backends, subject, service), isJson);
        }

        return ExitCode.Success;
    }

    private async Task<ExitCode> ExplainAccessAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        string address = _client.Read(parsed);
        string only = _service.Read(parsed);
        IReadOnlyList<string> services = only.Length > 0 ? [only] : await api.ReadServiceNamesAsync(cancellationToken);
        List<AccessStatus> access = [];
        foreach (string service in services)
            access.Add(await api.ReadAccessAsync(service, address, cancellationToken));
        if (IsJson(parsed))
            WriteJson(new ItemList<AccessStatus>(access), ApiJson.Default.ItemListAccessStatus);
        foreach (AccessStatus status in IsJson(parsed) ? [] : access)
            Output.WriteLine(SafeText.Escape($"{status.Service}: {address} {status.Decision}"));
        return ExitCode.Success;
    }

    private static async Task<ConnectionDetail?> ConnectionAsync(AdminApi api, string subject, CancellationToken cancellationToken)
    {
        if (IPEndPoint.TryParse(subject, out IPEndPoint? client) && client.Port != 0)
            return await ConnectionOfAsync(api, client, cancellationToken);
        if (subject.Length > 16 || !subject.All(char.IsAsciiHexDigit))
            return null;
        try
        {
            return await api.ReadConnectionAsync(subject.ToLowerInvariant(), cancellationToken);
        }
        catch (AdminException exception) when (exception.Failure is AdminFailure.NotFound)
        {
            return null;
        }
    }

    private static async Task<ConnectionDetail?> ConnectionOfAsync(AdminApi api, IPEndPoint client, CancellationToken cancellationToken)
    {
        string address = client.Address.ToString();
        await foreach (IReadOnlyList<ConnectionStatus> page in api.ReadConnectionsAsync([("client", address)], 1000, cancellationToken))
        {
            if (page.FirstOrDefault(connection => connection.Client == client.ToString()) is { } found)
                return await api.ReadConnectionAsync(found.Id, cancellationToken);
        }

        return null;
    }

    private static string? FindClientProblem(string text) =>
        Network.TryReadClient(text, out _) ? null : $"{Quoted.Text(text)} is not the address of a client, and not unix.";

    private static OperatorException Unknown(IReadOnlyList<BackendStatus> backends, string subject, string service)
    {
        string? near = NearestWord.Of(subject, backends.Select(backend => backend.Name));
        return near is null && service.Length == 0
            ? new OperatorException(ExitCode.Usage, $"{Quoted.Text(subject)} is no backend, no open connection and no address of a client.")
            : BackendSelector.Unknown(backends, subject, service);
    }

    private void Write(BackendDetail backend, bool isJson)
    {
        if (isJson)
            WriteJson(backend, ApiJson.Default.BackendDetail);
        else
            new BackendExplanation(Environment).Write(backend);
    }

    private void Write(ConnectionDetail connection, bool isJson)
    {
        if (isJson)
            WriteJson(connection, ApiJson.Default.ConnectionDetail);
        else
            ConnectionExplanation.Write(connection, Output);
    }

    private void Write(IReadOnlyList<PickForecast> forecasts, IPAddress client, string service, bool isJson)
    {
        PickForecast[] wanted = [.. forecasts.Where(forecast => service.Length == 0 || forecast.Service == service)];
        if (wanted.Length == 0)
            throw new OperatorException(ExitCode.Usage, $"There is no service {Quoted.Text(service)}.");
        if (isJson)
            WriteJson(new ItemList<PickForecast>(wanted), ApiJson.Default.ItemListPickForecast);
        else
            ForecastExplanation.Write(wanted, client, Output);
    }
}
