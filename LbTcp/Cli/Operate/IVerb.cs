using System.CommandLine;

namespace LbTcp.Cli.Operate;

/// <summary>A verb with a help page of its own.</summary>
internal interface IVerb
{
    /// <summary>The verb.</summary>
    string Name { get; }

    /// <summary>What it does, in the imperative.</summary>
    string? Description { get; }

    /// <summary>What its help page says beyond the summary and the flags.</summary>
    VerbHelp Help { get; }

    /// <summary>Its flags.</summary>
    IList<Option> Options { get; }

    /// <summary>Its arguments.</summary>
    IList<Argument> Arguments { get; }
}
