using System.CommandLine;
using System.CommandLine.Invocation;
using LbTcp.Cli.Operate;

namespace LbTcp.Cli;

/// <summary>Prints the help page of the verb or of the program; anything else on the command line is ignored.</summary>
/// <param name="page">The page of the program.</param>
internal sealed class HelpPageAction(HelpPage page) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is IVerb verb)
            VerbPage.Write(verb, output);
        else
            page.Write(output);
        return (int)ExitCode.Success;
    }
}
