using LbTcp.Cli;
using LbTcp.Cli.Terminals;

LbTcp.Diagnostics.StandardStreams.FillClosed();
IReadOnlyDictionary<string, string> environment = ProcessEnvironment.Read();
return await new LbTcpCommand(Console.Out, Console.Error, environment, new ConsoleTerminal(environment)).RunAsync(args);
