using System.Net;
using System.Net.Sockets;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Peers that vanish without FIN or RST, as a host does whose cable is pulled. They are on a host of their own.</summary>
public sealed class VanishingPeerTests : EndToEndScenario
{
    private static readonly IPAddress _nearAddress = IPAddress.Parse("198.51.100.1");
    private static readonly IPAddress _farAddress = IPAddress.Parse("198.51.100.2");

    private NetworkNamespace? _near;
    private NetworkNamespace? _far;

    public VanishingPeerTests() => IsServingAtEnd = false; // out of reach from here

    public static TheoryData<string, bool> TransportsAndSides() => TransportNames.With(false, true);

    [SkippableTheory, MemberData(nameof(TransportsAndSides))]
    public async Task PeerVanishes_WhileNothingMoves_KeepAliveEndsTheConnection(string transport, bool isBackend)
    {
        await CreateHostsAsync();
        (LbTcpProcess lbtcp, TestConnection client, TestConnection backend) = await ConnectAsync(transport, isBackend, "--keepalive", "1s");
        IPEndPoint[] peers = [client.LocalEndPoint, backend.LocalEndPoint];
        foreach (IPEndPoint peer in peers)
        {
            await Until.TrueAsync(
                () => KeepAlive(lbtcp, peer, SocketOptionLevel.Socket, SocketOptionName.KeepAlive) == 1, "keepalive is on");
            Assert.Equal(1, KeepAlive(lbtcp, peer, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
            Assert.Equal(10, KeepAlive(lbtcp, peer, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
            Assert.Equal(6, KeepAlive(lbtcp, peer, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
            Hasten(lbtcp, peer);
        }

        await _far!.ConfigureAsync("link set cable down");

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(isBackend ? ("backend_lost", "backend") : ("client_lost", "client"), (end["reason"], end["ended_by"]));
        Assert.Equal(0, await (isBackend ? client : backend).ReceiveToResetAsync());
    }

    [SkippableTheory, MemberData(nameof(TransportsAndSides))]
    public async Task PeerVanishes_WithBytesUnderWay_EndsTheConnection(string transport, bool isBackend)
    {
        await CreateHostsAsync();
        _near!.Set("ipv4/tcp_retries2", "1"); // instead of a quarter of an hour
        (LbTcpProcess lbtcp, TestConnection client, TestConnection backend) = await ConnectAsync(transport, isBackend);

        await _far!.ConfigureAsync("link set cable down");
        await (isBackend ? client : backend).SendAsync("nobody gets this");

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(isBackend ? ("backend_lost", "backend") : ("client_lost", "client"), (end["reason"], end["ended_by"]));
        Assert.Equal(0, await (isBackend ? client : backend).ReceiveToResetAsync());
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
            : _near!.Run(() => Backend(address: _nearAddress));
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

    // The minute that six questions take is the system's business. Setting the time starts its timer anew.
    private static void Hasten(LbTcpProcess lbtcp, IPEndPoint peer)
    {
        using Socket socket = lbtcp.Facts.BorrowConnection(peer);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
    }
}
