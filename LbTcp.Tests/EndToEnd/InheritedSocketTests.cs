using System.Net;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Sockets that listen before the program starts, as systemd passes them on (sd_listen_fds(3)).</summary>
public sealed class InheritedSocketTests : EndToEndScenario
{
    // Listens at two free ports, as descriptors 3 and 4, and puts the first one in the place of PORT.
    private const string Activate = """
        exec python3 -c '
        import os, socket, sys
        first, second = socket.socket(), socket.socket()
        for each in (first, second):
            each.bind(("127.0.0.1", 0))
            each.listen()
        high = [os.dup(each.fileno()) for each in (first, second)]
        os.dup2(high[0], 3)
        os.dup2(high[1], 4)
        os.environ["LISTEN_FDS"] = "2"
        os.environ["LISTEN_PID"] = str(os.getpid())
        arguments = [each.replace("PORT", str(first.getsockname()[1])) for each in sys.argv[1:]]
        os.execvp(arguments[0], arguments)
        ' "$0" "$@"
        """;

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ASocketOfItsAddress_IsUsedInsteadOfANewOne(string transport)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);

        LbTcpProcess lbtcp = await StartByShellAsync(
            Activate,
            "--listen", "127.0.0.1:PORT", "--backends", $"{backend.EndPoint}", "--transport", transport, "--log-format", "json");

        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint);
        await client.SendAsync("ping");
        client.FinishSending();
        Assert.Equal("ping", await client.ReceiveTextToEndAsync());
        JsonLogRecord warning = Assert.Single(
            lbtcp.Records(EventIds.StartWarning), record => $"{record}".Contains("inherited", StringComparison.Ordinal));
        Assert.Contains("no --listen has its address", $"{warning}", StringComparison.Ordinal);
        IPEndPoint listening = Assert.Single(lbtcp.Facts.Listeners);
        Assert.Equal(lbtcp.EndPoint, listening);
    }
}
