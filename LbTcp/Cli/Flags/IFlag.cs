using System.CommandLine;

namespace LbTcp.Cli.Flags;

/// <summary>A flag with a value that can be shown.</summary>
internal interface IFlag
{
    /// <summary>The name with its dashes.</summary>
    string Name { get; }

    /// <summary>The value in effect, as it would be written after the flag; null when there is none.</summary>
    string? Show(ParseResult parsed);
}
