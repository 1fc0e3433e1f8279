using LbTcp.Admin;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Top;

/// <summary>What <c>top</c> shows, and how the keys change it.</summary>
internal sealed class TopState
{
    private StateReport? _newest;

    /// <summary>The state of the process that is shown; null before the first one.</summary>
    public StateReport? Shown { get; private set; }

    /// <summary>The number of the column that rows are sorted by.</summary>
    public int SortColumn { get; private set; }

    /// <summary>Whether the smallest come first.</summary>
    public bool IsReversed { get; private set; }

    /// <summary>What a row has to contain; empty for all rows.</summary>
    public string Filter { get; private set; } = "";

    /// <summary>Whether the filter is being typed.</summary>
    public bool IsTyping { get; private set; }

    /// <summary>Whether what is shown stays as it is.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>The number of rows that are scrolled out at the top.</summary>
    public int Scroll { get; private set; }

    /// <summary>Whether to end.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>The backends that are to be shown, in order.</summary>
    public IReadOnlyList<BackendStatus> Rows()
    {
        BackendStatus[] rows = [.. (Shown?.Backends ?? []).Where(IsWanted)];
        TopColumn column = TopColumn.All[SortColumn];
        IEnumerable<BackendStatus> sorted = column.RankOf is { } rank
            ? rows.OrderByDescending(rank)
            : rows.OrderBy(backend => column.CellOf(backend).Text, StringComparer.Ordinal);
        return IsReversed ? [.. sorted.Reverse()] : [.. sorted];
    }

    /// <summary>Takes a new state of the process.</summary>
    public void Take(StateReport report)
    {
        _newest = report;
        if (!IsPaused)
            Shown = report;
    }

    /// <summary>Does what a key says.</summary>
    public void Press(ConsoleKeyInfo key)
    {
        if (IsTyping)
            Type(key);
        else
            Command(key);
        Scroll = Math.Clamp(Scroll, 0, Math.Max(0, Rows().Count - 1));
    }

    private bool IsWanted(BackendStatus backend) => Filter.Length == 0
        || TopColumn.All.Take(2).Any(column => column.CellOf(backend).Text.Contains(Filter, StringComparison.OrdinalIgnoreCase))
        || backend.Address.Contains(Filter, StringComparison.OrdinalIgnoreCase);

    private void Type(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                IsTyping = false;
                break;
            case ConsoleKey.Escape:
                (IsTyping, Filter) = (false, "");
                break;
            case ConsoleKey.Backspace:
                Filter = Filter.Length > 0 ? Filter[..^1] : "";
                break;
            default:
                if (!char.IsControl(key.KeyChar))
                    Filter += key.KeyChar;
                break;
        }
    }

    private void Command(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { KeyChar: 'q' }: IsEnded = true; break;
            case { KeyChar: '/' }: IsTyping = true; break;
            case { KeyChar: 'r' }: IsReversed = !IsReversed; break;
            case { KeyChar: 'p' or ' ' }: Pause(); break;
            case { KeyChar: '>' } or { Key: ConsoleKey.RightArrow }: Sort(1); break;
            case { KeyChar: '<' } or { Key: ConsoleKey.LeftArrow }: Sort(-1); break;
            case { Key: ConsoleKey.Escape }: Filter = ""; break;
            case { Key: ConsoleKey.DownArrow }: Scroll++; break;
            case { Key: ConsoleKey.UpArrow }: Scroll--; break;
            case { Key: ConsoleKey.PageDown }: Scroll += 10; break;
            case { Key: ConsoleKey.PageUp }: Scroll -= 10; break;
            case { Key: ConsoleKey.Home }: Scroll = 0; break;
            default: break;
        }
    }

    private void Sort(int step)
    {
        SortColumn = (SortColumn + step + TopColumn.All.Count) % TopColumn.All.Count;
        IsReversed = false;
    }

    private void Pause()
    {
        IsPaused = !IsPaused;
        if (!IsPaused)
            Shown = _newest;
    }
}
