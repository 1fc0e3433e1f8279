using System.CommandLine;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Cli.Operate.Views;
using LbTcp.Diagnostics;

namespace LbTcp.Cli.Operate.Verbs;

/// <summary><c>lbtcp events</c>: what has changed, in the words of the log.</summary>
internal sealed class EventsCommand : OperateCommand
{
    private readonly VerbFlag<int> _since = new(VerbSettings.Since);
    private readonly EventLine _line = new();
    private readonly Option<bool> _follow = new("--follow")
    {
        Arity = ArgumentArity.Zero,
        Description = "continue with new events until Ctrl+C",
    };

    /// <summary>Declares the verb.</summary>
    public EventsCommand(VerbEnvironment environment)
        : base("events", "print the latest events: health, reloads, limits, operators", environment)
    {
        Add(_follow);
        Add(_since);
    }

    /// <inheritdoc/>
    public override VerbHelp Help { get; } = new(
        "[--follow] [--since NUMBER] [OPTION]...",
        "Prints the latest events, the oldest first, as the log has them, with the number of the event at the end. With --json and "
        + "--follow, each event is a line.",
        "lbtcp cannot be asked, or the connection to it was lost",
        "lbtcp events --since 1200",
        "lbtcp events --follow");

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        long since = _since.Read(parsed);
        bool isJson = IsJson(parsed);
        if (parsed.GetValue(_follow))
            return await FollowAsync(api, since, isJson, cancellationToken);
        ItemPage<EventRecord> page = await api.ReadEventsAsync(since, cancellationToken);
        if (isJson)
        {
            WriteJson(page, ApiJson.Default.ItemPageEventRecord);
            return ExitCode.Success;
        }

        while (page.Items.Count > 0)
        {
            since = Write(page.Items, since, isJson);
            if (page.Next is null)
                break;
            page = await api.ReadEventsAsync(since, cancellationToken);
        }

        return ExitCode.Success;
    }

    // Numbers have no gaps: where the stream has one, for it began later, the events in between are asked for.
    private async Task<ExitCode> FollowAsync(AdminApi api, long since, bool isJson, CancellationToken cancellationToken)
    {
        try
        {
            since = Write((await api.ReadEventsAsync(since, cancellationToken)).Items, since, isJson);
            await foreach (EventRecord record in api.FollowEventsAsync(since, cancellationToken))
            {
                if (record.Id > since + 1)
                    since = Write((await api.ReadEventsAsync(since, cancellationToken)).Items, since, isJson);
                since = Write([record], since, isJson);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is the way to end it.
        }

        return ExitCode.Success;
    }

    private long Write(IEnumerable<EventRecord> records, long since, bool isJson)
    {
        foreach (EventRecord record in records.Where(record => record.Id > since))
        {
            if (isJson)
                WriteJson(record, ApiJson.Default.EventRecord);
            else
                Output.WriteLine(_line.Format(record));
            since = record.Id;
        }

        Output.Flush();
        return since;
    }
}
