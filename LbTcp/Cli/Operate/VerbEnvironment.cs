using LbTcp.Cli.Terminals;

namespace LbTcp.Cli.Operate;

/// <summary>What the verbs that operate a running process need from the process that they run in.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Terminal">The terminal.</param>
/// <param name="Variables">The environment variables.</param>
/// <param name="TimeProvider">The clock, and the time zone for times of day.</param>
internal sealed record VerbEnvironment(
    TextWriter Output, ErrorOutput Error, ITerminal Terminal, IReadOnlyDictionary<string, string> Variables, TimeProvider TimeProvider)
{
    /// <summary>The colors.</summary>
    public Palette Palette { get; } = new(Terminal.HasColors);

    /// <summary>The number of columns of the terminal; null if output is not a terminal.</summary>
    public int? Width => Terminal.IsInteractive ? Terminal.Size.Columns : null;
}
