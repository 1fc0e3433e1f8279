using System.CommandLine;
using LbTcp.Configuration;
using Microsoft.Extensions.Logging;

namespace LbTcp.Cli.Flags;

/// <summary>What is written to standard output.</summary>
internal sealed class LogFlags
{
    private readonly ChoiceFlag<LogLevel> _level = new(
        "--log-level", LogLevel.Information, "the least important lines that are written",
        ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warn", LogLevel.Warning), ("error", LogLevel.Error));

    private readonly ChoiceFlag<LogFormat> _format = new(
        "--log-format", LogFormat.Text, "a line of text or a JSON object for each record", ("text", LogFormat.Text), ("json", LogFormat.Json));

    /// <summary>The flags for the help page.</summary>
    public FlagGroup Group => new("Logs, to standard output", [_level, _format]);

    /// <summary>The least important lines that are written.</summary>
    public LogLevel ReadLevel(ParseResult parsed) => _level.Read(parsed);

    /// <summary>How a record is written.</summary>
    public LogFormat ReadFormat(ParseResult parsed) => _format.Read(parsed);
}
