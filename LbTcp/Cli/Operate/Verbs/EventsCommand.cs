using System.CommandLine;
using System.Globalization;
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
        "Prints the latest events, the oldest first, as the log has them, with the number of the event at the end. With --json, each "
        + "part of the list is a line, and with --follow each event.",
        "lbtcp cannot be asked, or the connection to it was lost",
        "lbtcp events --since 1200",
        "lbtcp events --follow");

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        bool isJson = IsJson(parsed);
        if (parsed.GetValue(_follow))
            return await FollowAsync(api, _since.Read(parsed), isJson, cancellationToken);
        string? after = _since.Read(parsed).ToString(CultureInfo.InvariantCulture);
        while (after is not null)
        {
            ItemPage<EventRecord> page = await api.ReadEventsAsync(after, cancellationToken);
            if (isJson)
                WriteJson(page, ApiJson.Default.ItemPageEventRecord);
            else
                Write(page.Items);
            after = page.Next;
        }

        return ExitCode.Success;
    }

    private async Task<ExitCode> FollowAsync(AdminApi api, long since, bool isJson, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (EventRecord record in api.FollowEventsAsync(since, cancellationToken))
            {
                if (isJson)
                    WriteJson(record, ApiJson.Default.EventRecord);
                else
                    Write([record]);
                await Output.FlushAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is the way to end it.
        }

        return ExitCode.Success;
    }

    private void Write(IEnumerable<EventRecord> records)
    {
        foreach (EventRecord record in records)
            Output.WriteLine(_line.Format(record));
    }
}
