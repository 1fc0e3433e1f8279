using LbTcp.Cli.Terminals;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Views;

/// <summary>Why a backend gets the connections that it gets: its state, its latest checks and changes, and what comes next.</summary>
/// <param name="environment">The output and the clock.</param>
internal sealed class BackendExplanation(VerbEnvironment environment)
{
    private const int MostChecks = 20;

    private readonly LocalTime _time = new(environment.TimeProvider);

    /// <summary>Writes the explanation.</summary>
    public void Write(BackendDetail backend)
    {
        WriteHead(backend);
        WriteTimeline(backend);
        if (backend.NextCheck is { } next)
            WriteLine("next", $"check in {DurationText.Of(next)}");
        foreach (string sentence in backend.Next)
            WriteLine("next", sentence);
        foreach (string sentence in backend.ShareReasons)
            WriteLine("share", sentence);
    }

    private void WriteHead(BackendDetail backend)
    {
        string address = backend.Name == backend.Address ? "" : $" ({backend.Address})";
        string share = backend.Available ? $"{HumanText.Percent(backend.Share)} of the" : "no";
        string age = HumanText.Age(environment.TimeProvider.GetUtcNow() - backend.Since);
        (string state, Tone tone) = BackendText.State(backend);
        string head = SafeText.Escape($"{backend.Name}{address} gets {share} new connections: ");
        environment.Output.WriteLine($"{head}{environment.Palette.Paint(state, tone)} since {_time.Of(backend.Since)} ({age}).");
        if (backend.Reason.Length > 0 && (backend.Transitions is not [var newest, ..] || newest.Reason != backend.Reason))
            WriteLine("reason", backend.Reason);
        if (backend.Addresses.Count > 1)
            WriteLine("addresses", string.Join(", ", backend.Addresses));
    }

    // The newest first; a change comes before the check that caused it.
    private void WriteTimeline(BackendDetail backend)
    {
        var table = new TextTable([new(""), new(""), new("", MinimumWidth: 20), new("")], indent: 2);
        IEnumerable<(DateTimeOffset Time, Cell[] Cells)> changes = backend.Transitions.Select(change => (change.Time, (Cell[])
        [
            _time.Of(change.Time), new Cell(change.State, Tone.Heading), change.Reason, $"({TriggerOf(change)})",
        ]));
        IEnumerable<(DateTimeOffset Time, Cell[] Cells)> checks = backend.Checks.Take(MostChecks).Select(check => (check.Time, (Cell[])
        [
            _time.Of(check.Time), "check", BackendText.Check(check), "",
        ]));
        foreach ((_, Cell[] cells) in changes.Concat(checks).OrderByDescending(entry => entry.Time))
            table.Add(cells);
        table.WriteMore(environment.Output, environment.Palette, environment.Width);
    }

    private static string TriggerOf(Transition change) =>
        change.Trigger is TransitionTrigger.Dns ? "DNS" : change.Trigger.ToString().ToLowerInvariant();

    private void WriteLine(string word, string text) => environment.Output.WriteLine($"  {word}: {SafeText.Escape(text)}");
}
