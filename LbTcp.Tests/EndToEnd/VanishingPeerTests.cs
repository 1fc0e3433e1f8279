using System.Net;
using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Peers that vanish without FIN or RST, as a host does whose cable is pulled. They are on a host of their own.</summary>
public sealed class VanishingPeerTests : EndToEndScenario
{
    private static readonly IPAddress _nearAddress = IPAddress.Parse("198.51.100.1");
    private static readonly IPAddress _farAddress = IPAddress.Parse("198.51.100.2");

    private static readonly IPAddress _otherFarAddress = IPAddress.Parse("198.51.100.3");

    private const int Much = 64 * 1024 * 1024; // more than all system buffers on the way hold

    private NetworkNamespace? _near;
    private NetworkNamespace? _far;
    private TestBackend? _nearBackend;

    public VanishingPeerTests() => IsServingAtEnd = false; // out of reach from here

    public static TheoryData<string, bool> TransportsAndSides() => TransportNames.With(false, true);

    [SkippableTheory, MemberData(nameof(TransportsAndSides))]
    public async Task PeerVanishes_WhileNothingMoves_KeepAliveEndsTheConnection(string transport, bool isBackend)
    {
        await CreateHostsAsync();
        (LbTcpProcess lbtcp, TestConnection client, TestConnection backend) =
            await ConnectAsync(transport, isBackend, "--keepalive", "1s", "--dead-peer-timeout", "2s");
        IPEndPoint[] peers = [client.LocalEndPoint, backend.LocalEndPoint];
        foreach (IPEndPoint peer in peers)
        {
            await Until.TrueAsync(
                () => KeepAlive(lbtcp, peer, SocketOptionLevel.Socket, SocketOptionName.KeepAlive) == 1, "keepalive is on");
            Assert.Equal(1, KeepAlive(lbtcp, peer, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
            Assert.Equal(1, KeepAlive(lbtcp, peer, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
            Assert.Equal(2, KeepAlive(lbtcp, peer, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
        }

        await CutAsync();

        await AssertIsLostAsync(lbtcp, isBackend);
        Assert.Equal(0, await (isBackend ? client : backend).ReceiveToResetAsync());
    }

    // The peer on this side goes on sending, which the other side's system takes although it can deliver nothing.
    [SkippableTheory, MemberData(nameof(TransportsAndSides))]
    public async Task PeerVanishes_WithBytesUnderWay_EndsTheConnection(string transport, bool isBackend)
    {
        await CreateHostsAsync();
        (LbTcpProcess lbtcp, TestConnection client, TestConnection backend) =
            await ConnectAsync(transport, isBackend, "--dead-peer-timeout", "2s");
        TestConnection sender = isBackend ? client : backend;

        await CutAsync();
        Task<SocketException> sending = Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
            {
                await sender.SendAsync("x");
                await Task.Yield();
            }
        });

        await AssertIsLostAsync(lbtcp, isBackend);
        await sending;
    }

    [SkippableTheory, MemberData(nameof(TransportsAndSides))]
    public async Task PeerVanishes_WithoutRoomForMore_EndsTheConnection(string transport, bool isBackend)
    {
        await CreateHostsAsync();
        (LbTcpProcess lbtcp, TestConnection client, TestConnection backend) =
            await ConnectAsync(transport, isBackend, "--dead-peer-timeout", "2s");
        Task sending = await SendUntilStuckAsync(isBackend ? client : backend);

        await CutAsync();

        await AssertIsLostAsync(lbtcp, isBackend);
        await Assert.ThrowsAsync<SocketException>(() => sending);
    }

    // That the limit has passed shows in a second client, which is cut off later and lost.
    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task ClientReadsNothing_ForLongerThanTheTimeout_IsNotLost(string transport)
    {
        await CreateHostsAsync();
        await _far!.ConfigureAsync($"address add {_otherFarAddress}/24 dev cable");
        (LbTcpProcess lbtcp, TestConnection slow, TestConnection backend) =
            await ConnectAsync(transport, isBackendFar: false, "--dead-peer-timeout", "2s");
        Task sending = await SendUntilStuckAsync(backend);
        using TestConnection lost =
            await _far.Run(() => TestConnection.ConnectAsync(lbtcp.EndPoint, from: _otherFarAddress));
        TestConnection backendOfLost = await _nearBackend!.AcceptAsync();

        await _far.ConfigureAsync($"rule add from {_otherFarAddress} blackhole");
        await backendOfLost.SendAsync("for a client that is gone");

        await AssertIsLostAsync(lbtcp, isBackend: false);
        Assert.Equal(Much, (await slow.ReceiveAsync(Much)).Length);
        await sending;
    }

    // Without traffic. Nothing that the far host sends arrives any more.
    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task BackendVanishes_WithoutTraffic_IsDownByItsChecksAndComesBack(string transport)
    {
        await CreateHostsAsync();
        TestBackend backend = _far!.Run(() => Backend(address: _farAddress));
        string[] flags = ["--check", "tcp", "--rise", "1", "--transport", transport];
        LbTcpProcess lbtcp = await StartInAsync(_near!, backend.EndPoint, [.. flags, "--listen", $"{_nearAddress}:0"]);

        await _far.ConfigureAsync($"rule add from {_farAddress} blackhole");
        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);
        await _far.ConfigureAsync($"rule delete from {_farAddress} blackhole");
        JsonLogRecord up = await lbtcp.RecordAsync(EventIds.BackendUp);

        Assert.Equal((backend.EndPoint.ToString(), "3"), (down["backend"], down["failures"]));
        Assert.StartsWith("timed out after ", down["reason"], StringComparison.Ordinal);
        Assert.Equal(backend.EndPoint.ToString(), up["backend"]);
    }

    private async Task CutAsync() => await _far!.ConfigureAsync("link set cable down");

    private static async Task AssertIsLostAsync(LbTcpProcess lbtcp, bool isBackend)
    {
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(isBackend ? ("backend_lost", "backend") : ("client_lost", "client"), (end["reason"], end["ended_by"]));
    }

    private static async Task<Task> SendUntilStuckAsync(TestConnection sender)
    {
        Task sending = sender.SendAsync(new byte[Much]);
        await Until.UnchangedAsync(() => sender.Sent, TimeSpan.FromMilliseconds(500));
        Assert.False(sending.IsCompleted);
        return sending;
    }

    private async Task CreateHostsAsync()
    {
        _near = Own(await NetworkNamespace.CreateAsync());
        _far = Own(await NetworkNamespace.CreateAsync());
        await _near.ConnectAsync(_nearAddress, _far, _farAddress);
    }

    /// <summary>Starts the program on the near host, and a connection whose client, or whose backend, is on the far one.</summary>
    private async Task<(LbTcpProcess LbTcp, TestConnection Client, TestConnection Backend)> ConnectAsync(
        string transport, bool isBackendFar, params string[] flags)
    {
        TestBackend backend = isBackendFar
            ? _far!.Run(() => Backend(address: _farAddress))
            : _nearBackend = _near!.Run(() => Backend(address: _nearAddress));
        LbTcpProcess lbtcp = await StartInAsync(
            _near!, backend.EndPoint, [.. flags, "--transport", transport, "--listen", $"{_nearAddress}:0"]);
        TestConnection client = await (isBackendFar ? _near! : _far!).Run(() => ConnectAsync(lbtcp));
        TestConnection served = await backend.AcceptAsync();
        await client.SendAsync("x");
        Assert.Equal("x", await served.ReceiveTextAsync(1));
        return (lbtcp, client, served);
    }

    private static int KeepAlive(LbTcpProcess lbtcp, IPEndPoint peer, SocketOptionLevel level, SocketOptionName name)
    {
        using Socket socket = lbtcp.Facts.BorrowConnection(peer);
        return (int)socket.GetSocketOption(level, name)!;
    }
}
