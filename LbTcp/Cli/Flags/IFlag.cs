using System.CommandLine;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The flag of a setting. It keeps the texts of its values, which are read with those of the other sources.</summary>
internal interface IFlag
{
    /// <summary>The setting.</summary>
    Setting Setting { get; }

    /// <summary>The texts that were given; null if the flag was not.</summary>
    IReadOnlyList<string>? Read(ParseResult parsed);
}
