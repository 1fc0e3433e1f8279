using System.CommandLine;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Backends;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Verbs;

/// <summary><c>lbtcp drain</c>, <c>ready</c> and <c>maint</c>: the operator's intent for a backend.</summary>
internal sealed class IntentCommand : OperateCommand
{
    private readonly VerbArgument<string> _backend = new(VerbSettings.BackendPlaceholder, VerbSettings.Backend);
    private readonly VerbFlag<TimeSpan> _wait = new(VerbSettings.Wait);
    private readonly VerbFlag<string> _service = new(VerbSettings.Service);
    private readonly BackendIntent _intent;

    private IntentCommand(BackendIntent intent, string summary, string text, VerbEnvironment environment)
        : base(NameOf(intent), summary, environment)
    {
        _intent = intent;
        Help = new VerbHelp(
            "BACKEND [--wait TIME] [--service SERVICE] [OPTION]...",
            text + " The intent lasts through reloads, until it is set again.",
            "it failed, or the time of --wait has passed before it was done",
            $"lbtcp {Name} web3",
            $"lbtcp {Name} web/web3 --wait 5m");
        Add(_backend);
        Add(_wait);
        Add(_service);
    }

    /// <inheritdoc/>
    public override VerbHelp Help { get; }

    /// <summary>The three verbs.</summary>
    public static IEnumerable<IntentCommand> All(VerbEnvironment environment) =>
    [
        new(BackendIntent.Drain, "stop new connections to a backend; open ones and checks continue",
            "The backend gets no new connections; open connections continue, and so do health checks.", environment),
        new(BackendIntent.Maint, "like drain, and stop the health checks of a backend",
            "The backend gets no new connections and is not checked; open connections continue.", environment),
        new(BackendIntent.Ready, "let a backend take new connections again",
            "Ends drain and maint: the backend gets new connections while it is healthy.", environment),
    ];

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        BackendStatus backend =
            await BackendSelector.FindAsync(api, _backend.Read(parsed), _service.Read(parsed), cancellationToken);
        BackendDetail before = await api.ReadBackendAsync(backend, cancellationToken);
        ChangeResult result = await api.SetIntentAsync(backend, _intent, cancellationToken);
        if (_wait.Read(parsed) is { } wait && wait > TimeSpan.Zero)
            return await WaitAsync(api, before, wait, IsJson(parsed), cancellationToken);
        WriteResult(result, IsJson(parsed));
        return ExitCode.Success;
    }

    private async Task<ExitCode> WaitAsync(
        AdminApi api, BackendDetail before, TimeSpan wait, bool isJson, CancellationToken cancellationToken)
    {
        VerbEnvironment environment = isJson ? Environment with { Output = TextWriter.Null } : Environment;
        var watch = new IntentWatch(environment, before, _intent);
        ExitCode exitCode = await watch.WaitAsync(token => api.ReadBackendAsync(before, token), wait, cancellationToken);
        if (isJson)
            WriteJson(watch.Last, ApiJson.Default.BackendDetail);
        return exitCode;
    }

    private static string NameOf(BackendIntent intent) => intent.ToString().ToLowerInvariant();
}
