using LbTcp.Cli;

LbTcp.Diagnostics.StandardStreams.FillClosed();
return await new LbTcpCommand(Console.Out, Console.Error, ProcessEnvironment.Read()).RunAsync(args);
