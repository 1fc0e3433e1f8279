using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>What <see cref="IConnectionListener"/> promises, asked of every transport over the loopback.</summary>
public sealed class ListenerContractTests
{
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AcceptAsync_ClientsHaveResetAlready_GoesOnToTheNext(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using ListenSocket listener = RawSockets.Open();
        using IConnectionListener accepting = transport.Listen(listener)[0];
        for (int i = 0; i < 50; i++)
            (await RawSockets.ConnectAsync(listener.EndPoint())).Reset();
        using Socket last = await RawSockets.ConnectAsync(listener.EndPoint());

        IConnection? client = null;
        while (!last.LocalEndPoint!.Equals(client?.RemoteEndPoint))
        {
            if (client is not null)
                await client.DisposeAsync();
            client = (await accepting.AcceptAsync(CancellationToken.None).AsTask().Done()).Connection;
        }

        await client.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task AcceptAsync_Cancelled_IsAborted(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using var listener = ListenSocket.Open(Transports.ClientSide(transportName));
        using IConnectionListener accepting = transport.Listen(listener)[0];
        using var stopping = new CancellationTokenSource();

        Task<ConnectionResult> accept = accepting.AcceptAsync(stopping.Token).AsTask();
        Assert.False(accept.IsCompleted);
        await stopping.CancelAsync();

        Assert.Equal(ConnectionResult.Failed(SocketError.OperationAborted), await accept.Done());
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AcceptAsync_CancelledAndClientsAreQueued_AcceptsThemAndDoesNotWait(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using ListenSocket listener = RawSockets.Open();
        using IConnectionListener accepting = transport.Listen(listener)[0];
        using Socket first = await RawSockets.ConnectAsync(listener.EndPoint());
        using Socket second = await RawSockets.ConnectAsync(listener.EndPoint());
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();

        foreach (Socket peer in new[] { first, second })
        {
            ConnectionResult accepted = await accepting.AcceptAsync(stopping.Token).AsTask().Done();
            Assert.Equal(peer.LocalEndPoint, accepted.Connection?.RemoteEndPoint);
            await accepted.Connection!.DisposeAsync();
        }

        Assert.Equal(SocketError.OperationAborted, (await accepting.AcceptAsync(stopping.Token).AsTask().Done()).Error);
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AcceptAsync_IPv4ClientOfADualStackSocket_IsShownAsIPv4(string transportName)
    {
        if (!Socket.OSSupportsIPv6)
            return;
        using ITransport transport = Transports.Create(transportName);
        using var listener = ListenSocket.Open(new IPEndPoint(IPAddress.IPv6Any, 0));
        using IConnectionListener accepting = transport.Listen(listener)[0];
        using Socket peer = await RawSockets.ConnectAsync(new IPEndPoint(IPAddress.Loopback, listener.EndPoint().Port));

        ConnectionResult accepted = await accepting.AcceptAsync(CancellationToken.None).AsTask().Done();

        Assert.Equal(peer.LocalEndPoint, accepted.Connection?.RemoteEndPoint);
        await accepted.Connection!.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnix), MemberType = typeof(Transports))]
    public async Task AcceptAsync_TheSocketIsClosedMeanwhile_IsAbortedAndThePortClosed(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using var listener = ListenSocket.Open(Transports.ClientSide(transportName));
        IReadOnlyList<IConnectionListener> listeners = transport.Listen(listener);
        Task<ConnectionResult>[] accepts = [.. listeners.Select(accepting => accepting.AcceptAsync(CancellationToken.None).AsTask())];
        Assert.DoesNotContain(accepts, accept => accept.IsCompleted);

        listener.Dispose();

        Assert.All(await Task.WhenAll(accepts).Done(), result => Assert.Equal(SocketError.OperationAborted, result.Error));
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => RawSockets.ConnectAsync(listener.LocalEndPoint));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        foreach (IConnectionListener accepting in listeners)
        {
            Assert.Equal(SocketError.OperationAborted, (await accepting.AcceptAsync(CancellationToken.None).AsTask().Done()).Error);
            accepting.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Dispose_Listening_LeavesThePortOpenForOthers(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using ListenSocket listener = RawSockets.Open();
        foreach (IConnectionListener accepting in transport.Listen(listener))
            accepting.Dispose();
        using IConnectionListener next = transport.Listen(listener)[0];

        using Socket peer = await RawSockets.ConnectAsync(listener.EndPoint());

        ConnectionResult accepted = await next.AcceptAsync(CancellationToken.None).AsTask().Done();
        Assert.Equal(peer.LocalEndPoint, accepted.Connection?.RemoteEndPoint);
        await accepted.Connection!.DisposeAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AcceptAsync_AnAdoptedUnixSocket_AcceptsAndIsShownAsOne(string transportName)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "descriptors are inherited on Linux");
        using ITransport transport = Transports.Create(transportName);
        UnixEndPoint endPoint = RawSockets.FreeUnix();
        Socket inherited = RawSockets.ListenAt(endPoint);
        using var adopted = ListenSocket.Adopt((int)inherited.Handle);
        inherited.SafeHandle.SetHandleAsInvalid(); // the descriptor has a new owner
        using IConnectionListener accepting = transport.Listen(adopted)[0];

        using Socket peer = await RawSockets.ConnectAsync(endPoint);

        IConnection client = (await accepting.AcceptAsync(CancellationToken.None).AsTask().Done()).Connection!;
        Assert.Equal(endPoint, adopted.LocalEndPoint);
        Assert.Equal(endPoint, client.LocalEndPoint);
        Assert.IsType<UnixPeer>(client.RemoteEndPoint);
        await client.DisposeAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AcceptAsync_AnAdoptedDescriptor_AcceptsAndClosesIt(string transportName)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "descriptors are inherited on Linux");
        using ITransport transport = Transports.Create(transportName);
        var inherited = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        inherited.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        inherited.Listen();
        var adopted = ListenSocket.Adopt((int)inherited.Handle);
        inherited.SafeHandle.SetHandleAsInvalid(); // the descriptor has a new owner
        using IConnectionListener accepting = transport.Listen(adopted)[0];

        using Socket peer = await RawSockets.ConnectAsync(adopted.EndPoint());

        ConnectionResult accepted = await accepting.AcceptAsync(CancellationToken.None).AsTask().Done();
        Assert.Equal(peer.LocalEndPoint, accepted.Connection?.RemoteEndPoint);
        await accepted.Connection!.DisposeAsync();
        adopted.Dispose();
        _ = await Assert.ThrowsAsync<SocketException>(() => RawSockets.ConnectAsync(adopted.EndPoint()));
    }
}
