using System.Collections.Concurrent;
using LbTcp.Cli.Terminals;

namespace LbTcp.Tests.TestDoubles;

/// <summary>A terminal whose keys the test presses.</summary>
internal sealed class ScriptedTerminal : ITerminal
{
    private readonly ConcurrentQueue<ConsoleKeyInfo> _keys = new();

    public bool IsInteractive { get; init; } = true;

    public bool HasKeyboard { get; init; } = true;

    public bool HasColors { get; init; }

    public (int Columns, int Rows) Size { get; set; } = (120, 24);

    /// <summary>What is typed when a line is asked for; null for the end of the input.</summary>
    public string? Line { get; init; }

    /// <summary>Presses a key with a character.</summary>
    public void Press(char character) => _keys.Enqueue(Key(character));

    public ConsoleKeyInfo? ReadKey() => _keys.TryDequeue(out ConsoleKeyInfo key) ? key : null;

    public string? ReadLine() => Line;

    /// <summary>The key with a character.</summary>
    public static ConsoleKeyInfo Key(char character) => new(character, default, shift: false, alt: false, control: false);

    /// <summary>A key without a character.</summary>
    public static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, shift: false, alt: false, control: false);
}
