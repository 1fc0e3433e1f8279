namespace LbTcp.Cli.Terminals;

/// <summary>The terminal of this process. Nothing is asked of the system before it is needed.</summary>
/// <param name="environment">The environment variables.</param>
internal sealed class ConsoleTerminal(IReadOnlyDictionary<string, string> environment) : ITerminal
{
    /// <inheritdoc/>
    public bool IsInteractive => !Console.IsOutputRedirected && environment.GetValueOrDefault("TERM", "") is not ("" or "dumb");

    /// <inheritdoc/>
    public bool HasKeyboard => !Console.IsInputRedirected;

    /// <summary>Whether output may have colors: it may not if NO_COLOR is set to anything (https://no-color.org).</summary>
    public bool HasColors => IsInteractive && string.IsNullOrEmpty(environment.GetValueOrDefault("NO_COLOR"));

    /// <inheritdoc/>
    public (int Columns, int Rows) Size
    {
        get
        {
            (int columns, int rows) = (Console.WindowWidth, Console.WindowHeight);
            return (columns > 0 ? columns : 80, rows > 0 ? rows : 24); // 0 where the terminal does not know
        }
    }

    /// <inheritdoc/>
    public ConsoleKeyInfo? ReadKey() => HasKeyboard && Console.KeyAvailable ? Console.ReadKey(intercept: true) : null;

    /// <inheritdoc/>
    public string? ReadLine() => Console.ReadLine();
}
