
LbTcp.Diagnostics.StandardStreams.FillClosed();
return await new LbTcp.Cli.LbTcpCommand(Console.Out, Console.Error).RunAsync(args);
