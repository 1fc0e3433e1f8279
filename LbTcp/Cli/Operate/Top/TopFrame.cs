using System.Globalization;
using LbTcp.Admin;
using LbTcp.Cli.Operate.Views;
using LbTcp.Cli.Terminals;
using LbTcp.Hosting.Operations;
using Spectre.Console;
using Spectre.Console.Rendering;
using TableColumn = Spectre.Console.TableColumn;

namespace LbTcp.Cli.Operate.Top;

/// <summary>Draws one picture of <c>top</c> as lines of text with colors, which fit a terminal.</summary>
/// <param name="hasColors">Whether to use colors.</param>
internal sealed class TopFrame(bool hasColors)
{
    private const string Keys = "q quit   / filter   < > sort   r reverse   p pause   arrows scroll";

    private static readonly Palette _plain = new(hasColors: false);

    /// <summary>Draws the picture.</summary>
    /// <param name="state">What to show.</param>
    /// <param name="columns">The number of columns of the terminal.</param>
    /// <param name="rows">The number of its rows.</param>
    /// <returns>At most <paramref name="rows"/> lines.</returns>
    public IReadOnlyList<string> Draw(TopState state, int columns, int rows)
    {
        if (state.Shown is not { } shown)
            return ["lbtcp is asked."];
        Cell[] head = [new Cell(ProcessLine(shown.Process), Tone.Heading), .. ServiceLines(shown, Math.Max(1, rows / 4)), ""];
        int space = Math.Max(0, rows - head.Length - 2); // less the headings and the last line
        BackendStatus[] backends = [.. state.Rows().Skip(state.Scroll).Take(space)];
        IRenderable[] parts = [.. head.Select(cell => new SingleLine(cell, 1)), TableOf(state, backends, columns), LastLine(state)];
        return [.. Render(parts, columns).Take(rows)];
    }

    private static string ProcessLine(ProcessStatus process) => string.Create(
        CultureInfo.InvariantCulture,
        $"lbtcp {process.Version}  {process.State.ToString().ToLowerInvariant()} for {HumanText.Age(process.Uptime)}  {process.Open} of "
        + $"{process.MaxConnections} connections  {HumanText.Bytes(process.MemoryBytes)} of memory");

    private static IEnumerable<Cell> ServiceLines(StateReport shown, int most)
    {
        foreach (ServiceStatus service in shown.Services.Take(most))
            yield return new Cell(StatusView.Summary(service, _plain), service.BackendsAvailable == 0 ? Tone.Bad : Tone.Plain);
        if (shown.Services.Count > most)
            yield return new Cell($"and {Phrases.Count(shown.Services.Count - most, "service")} more", Tone.Faint);
    }

    private static Table TableOf(TopState state, IReadOnlyList<BackendStatus> backends, int width)
    {
        Table table = new Table().NoBorder();
        TopColumn sorted = TopColumn.All[state.SortColumn];
        IReadOnlyList<TopColumn> shown = TopColumn.ThatFit(backends, sorted, width);
        for (int i = 0; i < shown.Count; i++)
        {
            TopColumn column = shown[i];
            string arrow = column != sorted ? "" : state.IsReversed ? "^" : "v";
            table.AddColumn(new TableColumn(new SingleLine(new Cell($"{column.Title}{arrow}", Tone.Heading), 0, column.IsNumber))
            {
                NoWrap = column.IsNumber,
                Padding = new Padding(0, 0, i < shown.Count - 1 ? TopColumn.Gap : 0, 0),
            });
        }

        foreach (BackendStatus backend in backends)
        {
            table.AddRow(shown.Select(column => new SingleLine(column.CellOf(backend), column.IsNumber ? 0 : 8, column.IsNumber)));
        }

        return table;
    }

    private static SingleLine LastLine(TopState state)
    {
        string filter = state.IsTyping ? $"/{state.Filter}_" : state.Filter.Length > 0 ? $"/{state.Filter}   {Keys}" : Keys;
        return new SingleLine(new Cell(state.IsPaused ? $"PAUSED   {filter}" : filter, state.IsTyping ? Tone.Heading : Tone.Faint), 1);
    }

    private string[] Render(IEnumerable<IRenderable> parts, int columns)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = hasColors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = columns;
        console.Write(new Rows(parts));
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
