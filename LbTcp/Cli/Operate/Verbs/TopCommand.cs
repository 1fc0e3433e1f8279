using System.CommandLine;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Cli.Operate.Top;
using LbTcp.Cli.Operate.Views;

namespace LbTcp.Cli.Operate.Verbs;

/// <summary><c>lbtcp top</c>: the state of all backends, live.</summary>
internal sealed class TopCommand : OperateCommand
{
    private readonly VerbFlag<TimeSpan> _interval = new(VerbSettings.Interval);
    private readonly Option<bool> _once = new("--once")
    {
        Arity = ArgumentArity.Zero,
        Description = "print one table and exit",
    };

    /// <summary>Declares the verb.</summary>
    public TopCommand(VerbEnvironment environment)
        : base("top", "show the state of all backends, live", environment)
    {
        Add(_interval);
        Add(_once);
    }

    /// <inheritdoc/>
    public override VerbHelp Help { get; } = new(
        "[--interval TIME] [--once] [OPTION]...",
        "Shows services and backends on the whole terminal. Keys: q ends, / filters by name, address or state, < and > or the arrow keys "
        + "select the column to sort by, r reverses the order, p pauses, up and down scroll, Escape removes the filter. If output is not a "
        + "terminal, a table is printed at every interval; with --json, a line.",
        "lbtcp cannot be asked, or the connection to it was lost",
        "lbtcp top",
        "lbtcp top --once",
        "lbtcp top --interval 10s >> state.log");

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        bool isJson = IsJson(parsed);
        string interval = VerbSettings.Interval.Form.Format(_interval.Read(parsed));
        if (parsed.GetValue(_once))
            Write(await api.ReadStateAsync(cancellationToken), isJson);
        else if (Environment.Terminal is { IsInteractive: true, HasKeyboard: true } && !isJson)
            await new TopScreen(Environment).RunAsync(token => api.FollowStateAsync(interval, token), cancellationToken);
        else
            await PrintAsync(api.FollowStateAsync(interval, cancellationToken), isJson, cancellationToken);
        return ExitCode.Success;
    }

    private async Task PrintAsync(IAsyncEnumerable<StateReport> reports, bool isJson, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (StateReport report in reports)
            {
                if (!isJson)
                    await Output.WriteLineAsync($"{report.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
                Write(report, isJson);
                if (!isJson)
                    await Output.WriteLineAsync();
                await Output.FlushAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is the way to end it.
        }
    }

    private void Write(StateReport report, bool isJson)
    {
        if (isJson)
            WriteJson(report, ApiJson.Default.StateReport);
        else
            new StatusView(Environment).Write(report);
    }
}
