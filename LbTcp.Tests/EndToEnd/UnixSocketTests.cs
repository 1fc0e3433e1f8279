using System.Net;
using LbTcp.Configuration;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Unix sockets on either side.</summary>
public sealed class UnixSocketTests : EndToEndScenario
{
    private readonly UnixBackend _backend;
    private readonly UnixEndPoint _listen;

    public UnixSocketTests()
    {
        IsServingAtEnd = false; // its clients come through a unix socket
        _backend = Own(new UnixBackend());
        _listen = new UnixEndPoint(_backend.PathOf("web.sock"));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task UnixOnBothSides_IsRelayedAndLogged(string transport)
    {
        LbTcpProcess lbtcp = await StartAsync(
            [], "--transport", transport, "--listen", $"{_listen},mode=600", "--backends", $"{_backend.EndPoint}");
        using TestConnection client = await TestConnection.ConnectAsync(_listen);
        byte[] sent = Payload.Random(4 * 1024 * 1024);

        Task sending = SendAndFinishAsync(client, sent);
        byte[] received = await client.ReceiveToEndAsync();

        await sending;
        Assert.Equal(Payload.Hash(sent), Payload.Hash(received));
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(
            ($"unix:pid:{Environment.ProcessId}", $"{_backend.EndPoint}", $"{_backend.EndPoint}", null, "completed"),
            (end["client"], end["backend"], end["address"], end["local"], end["reason"]));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task UnixAndTcpListeners_ServeTheSameBackends(string transport)
    {
        LbTcpProcess lbtcp = await StartAsync(
            [], "--transport", transport, "--listen", "127.0.0.1:0", "--listen", $"{_listen}", "--backends", $"{_backend.EndPoint}");

        foreach (EndPoint endPoint in new EndPoint[] { lbtcp.EndPoint, _listen })
        {
            using TestConnection client = await TestConnection.ConnectAsync(endPoint);
            await client.SendAsync("ping");
            client.FinishSending();
            Assert.Equal("ping", await client.ReceiveTextToEndAsync());
        }
    }

    [Fact]
    public async Task Stop_File_IsDeleted()
    {
        LbTcpProcess lbtcp = await StartAsync([], "--listen", $"{_listen}", "--backends", $"{_backend.EndPoint}");
        Assert.True(File.Exists(_listen.Path));

        lbtcp.Signal(Posix.SigTerm);

        Assert.Equal(0, await lbtcp.ExitCodeAsync());
        Assert.False(File.Exists(_listen.Path));
    }

    [Fact]
    public async Task Killed_FileIsLeftBehind_TheNextStartReplacesIt()
    {
        string[] flags = ["--listen", $"{_listen}", "--backends", $"{_backend.EndPoint}"];
        using (LbTcpProcess first = await LbTcpProcess.StartAsync(Arguments([], flags)))
        {
            first.Signal(Posix.SigKill);
            _ = await first.ExitCodeAsync();
        }

        Assert.True(File.Exists(_listen.Path));
        _ = await StartAsync([], flags);

        using TestConnection client = await TestConnection.ConnectAsync(_listen);
        await client.SendAsync("ping");
        Assert.Equal("ping", await client.ReceiveTextAsync(4));
    }

    [Fact]
    public async Task SecondStart_SameFile_IsRefusedInASentence()
    {
        string[] flags = ["--listen", $"{_listen}", "--backends", $"{_backend.EndPoint}"];
        _ = await StartAsync([], flags);

        ProgramRun second = await ProgramRun.OfLbTcpAsync(flags);

        Assert.Equal((1, $"lbtcp: Cannot listen on {_listen}: another program listens there.\n"), (second.ExitCode, second.Error));
        using TestConnection client = await TestConnection.ConnectAsync(_listen);
        await client.SendAsync("ping");
        Assert.Equal("ping", await client.ReceiveTextAsync(4));
    }

    [Fact]
    public async Task Backend_NoFile_IsAFailureThatNamesIt()
    {
        string missing = $"unix:{_backend.PathOf("missing.sock")}";
        LbTcpProcess lbtcp = await StartAsync([], "--backends", missing, $"{_backend.EndPoint}", "--algorithm", "first");

        await AssertIsEchoedAsync(lbtcp);

        Assert.Equal($"[\"{missing}:no such socket file\"]", (await lbtcp.EndRecordAsync())["attempts"]);
    }

    private static async Task SendAndFinishAsync(TestConnection client, byte[] bytes)
    {
        await client.SendAsync(bytes);
        client.FinishSending();
    }
}
