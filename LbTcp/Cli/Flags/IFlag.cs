using System.CommandLine;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The flag of a setting.</summary>
internal interface IFlag
{
    /// <summary>The name with its dashes.</summary>
    string Name { get; }

    /// <summary>The setting.</summary>
    Setting Setting { get; }

    /// <summary>The value in effect as it would be written after the flag; null if there is none, or if it is a list.</summary>
    string? Format(ParseResult parsed);
}
