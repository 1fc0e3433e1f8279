namespace LbTcp.Cli.Terminals;

/// <summary>The terminal that the program was started from, if there is one.</summary>
internal interface ITerminal
{
    /// <summary>Whether standard output is a terminal that understands escape sequences.</summary>
    bool IsInteractive { get; }

    /// <summary>Whether standard input is a terminal.</summary>
    bool HasKeyboard { get; }

    /// <summary>Whether output may have colors.</summary>
    bool HasColors { get; }

    /// <summary>The number of columns and rows; must be called only if <see cref="IsInteractive"/>.</summary>
    (int Columns, int Rows) Size { get; }

    /// <summary>The next key that was pressed; null if there is none yet.</summary>
    ConsoleKeyInfo? ReadKey();

    /// <summary>Waits for a line; null at the end of the input.</summary>
    string? ReadLine();
}
