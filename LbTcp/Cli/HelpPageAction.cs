using System.CommandLine;
using System.CommandLine.Invocation;

namespace LbTcp.Cli;

/// <summary>Prints the help page; anything else on the command line is ignored.</summary>
/// <param name="page">The page.</param>
internal sealed class HelpPageAction(HelpPage page) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        page.Write(parseResult.InvocationConfiguration.Output);
        return (int)ExitCode.Success;
    }
}
