using System.CommandLine;

namespace LbTcp.Cli.Flags;

/// <summary>Flags that belong together on the help page.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Flags">The flags, in the order in which they are shown.</param>
internal sealed record FlagGroup(string Title, IReadOnlyList<Option> Flags);
