namespace LbTcp.Cli.Terminals;

/// <summary>Stands for output and input that are not a terminal.</summary>
internal sealed class NoTerminal : ITerminal
{
    /// <inheritdoc/>
    public bool IsInteractive => false;

    /// <inheritdoc/>
    public bool HasKeyboard => false;

    /// <inheritdoc/>
    public bool HasColors => false;

    /// <inheritdoc/>
    public (int Columns, int Rows) Size => throw new InvalidOperationException("There is no terminal.");

    /// <inheritdoc/>
    public ConsoleKeyInfo? ReadKey() => null;

    /// <inheritdoc/>
    public string? ReadLine() => null;
}
