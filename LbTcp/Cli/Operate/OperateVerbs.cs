using System.CommandLine;
using LbTcp.Cli.Completion;
using LbTcp.Cli.Operate.Verbs;

namespace LbTcp.Cli.Operate;

/// <summary>The verbs that operate a running process.</summary>
internal static class OperateVerbs
{
    /// <summary>Declares all of them, in the order of the help page.</summary>
    /// <param name="environment">The process that they run in.</param>
    /// <param name="root">The command that they are added to, whose words the shells complete.</param>
    public static IReadOnlyList<Command> All(VerbEnvironment environment, RootCommand root) =>
    [
        new StatusCommand(environment),
        new TopCommand(environment),
        .. IntentCommand.All(environment),
        new WeightCommand(environment),
        new ReloadCommand(environment),
        new ConnectionsCommand(environment),
        new ExplainCommand(environment),
        new EventsCommand(environment),
        new RebalanceCommand(environment),
        new LogLevelCommand(environment),
        new CompletionCommand(environment.Output, root),
    ];
}
