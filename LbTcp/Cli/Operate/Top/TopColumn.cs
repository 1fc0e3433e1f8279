using LbTcp.Cli.Operate.Views;
using LbTcp.Cli.Terminals;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Top;

/// <summary>A column of <c>top</c>.</summary>
/// <param name="Title">The heading.</param>
/// <param name="CellOf">The cell of a backend.</param>
/// <param name="RankOf">What the column is sorted by, the largest first; null to sort by the text.</param>
internal sealed record TopColumn(string Title, Func<BackendStatus, Cell> CellOf, Func<BackendStatus, double>? RankOf = null)
{
    /// <summary>The number of blanks between two columns.</summary>
    public const int Gap = 2;

    private static readonly string[] _leftOutFirst = ["LAST CHECK", "CONNECT", "FAILED", "IN", "OUT", "RATE", "WEIGHT", "OPEN"];

    /// <summary>The columns from left to right. The first one is sorted by the order of the configuration.</summary>
    public static IReadOnlyList<TopColumn> All { get; } =
    [
        new("BACKEND", backend => $"{backend.Service}/{backend.Name}", _ => 0),
        new("STATE", BackendText.State, backend => backend.Available ? 0 : 1),
        new("WEIGHT", backend => BackendText.Weight(backend), backend => backend.EffectiveWeight),
        new("OPEN", backend => BackendText.Open(backend), backend => backend.Traffic.Open),
        new("RATE", backend => HumanText.PerSecond(backend.Traffic.ConnectionsPerSecond), backend => backend.Traffic.ConnectionsPerSecond),
        new("FAILED", FailuresOf, backend => backend.Traffic.FailuresPerSecond),
        new("IN", backend => HumanText.BytesPerSecond(backend.Traffic.BytesInPerSecond), backend => backend.Traffic.BytesInPerSecond),
        new("OUT", backend => HumanText.BytesPerSecond(backend.Traffic.BytesOutPerSecond), backend => backend.Traffic.BytesOutPerSecond),
        new("CONNECT", backend => BackendText.Connect(backend), backend => backend.Traffic.ConnectP50?.TotalSeconds ?? -1),
        new("LAST CHECK", backend => BackendText.LastCheck(backend)),
    ];

    /// <summary>Whether cells are aligned to the right and never cut.</summary>
    public bool IsNumber => RankOf is not null && Title is not ("BACKEND" or "STATE");

    /// <summary>
    /// The columns that a terminal has space for, so that names and states are not cut for the sake of numbers.
    /// </summary>
    /// <param name="backends">The rows.</param>
    /// <param name="sorted">The column that they are sorted by, which always stays.</param>
    /// <param name="width">The width of the terminal in columns.</param>
    public static IReadOnlyList<TopColumn> ThatFit(IReadOnlyList<BackendStatus> backends, TopColumn sorted, int width)
    {
        List<TopColumn> shown = [.. All];
        Dictionary<TopColumn, int> widths = All.ToDictionary(column => column, column => column.WidthOf(backends));
        foreach (string title in _leftOutFirst)
        {
            if (shown.Sum(column => widths[column] + Gap) - Gap <= width)
                break;
            shown.RemoveAll(column => column.Title == title && column != sorted);
        }

        return shown;
    }

    // The last column has prose, which may be cut.
    private int WidthOf(IReadOnlyList<BackendStatus> backends) => Title == "LAST CHECK"
        ? Title.Length
        : backends.Select(backend => TerminalWidth.Of(CellOf(backend).Text)).Append(Title.Length + 1).Max();

    private static Cell FailuresOf(BackendStatus backend) => new(
        HumanText.PerSecond(backend.Traffic.FailuresPerSecond), backend.Traffic.FailuresPerSecond > 0 ? Tone.Bad : Tone.Plain);
}
