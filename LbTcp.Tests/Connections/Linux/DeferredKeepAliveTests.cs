using LbTcp.Configuration;
using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

[Collection(DescriptorNumbers.Name)]
public sealed class DeferredKeepAliveTests
{
    [SkippableFact]
    public async Task Run_ConnectionOldEnough_GetsKeepAlive()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection connection, _) = await fixture.ConnectAsync();
        (EpollConnection younger, _) = await fixture.ConnectAsync();
        await fixture.RunAsync(() =>
        {
            var keepAlive = new DeferredKeepAlive(fixture.Table, new TransportOptions { KeepAlive = TimeSpan.FromSeconds(77) });
            keepAlive.Add(connection.Descriptor, now: 5_000);
            keepAlive.Add(younger.Descriptor, now: 5_001);

            keepAlive.Run(now: 5_000 + DeferredKeepAlive.Age - 1);
            Assert.Equal(0, Option(connection, LinuxCalls.SocketLevel, LinuxCalls.KeepAlive));
            keepAlive.Run(now: 5_000 + DeferredKeepAlive.Age);

            Assert.Equal(1, Option(connection, LinuxCalls.SocketLevel, LinuxCalls.KeepAlive));
            Assert.Equal(77, Option(connection, LinuxCalls.TcpLevel, LinuxCalls.TcpKeepIdle));
            Assert.Equal(10, Option(connection, LinuxCalls.TcpLevel, LinuxCalls.TcpKeepInterval));
            Assert.Equal(6, Option(connection, LinuxCalls.TcpLevel, LinuxCalls.TcpKeepCount));
            Assert.Equal(0, Option(younger, LinuxCalls.SocketLevel, LinuxCalls.KeepAlive));
        });
    }

    [SkippableFact]
    public async Task Run_DescriptorIsAnotherConnectionsByNow_LeavesThatAlone()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection closed, _) = await fixture.ConnectAsync();
        await fixture.RunAsync(async () =>
        {
            var keepAlive = new DeferredKeepAlive(fixture.Table, new TransportOptions());
            keepAlive.Add(closed.Descriptor, now: 0);
            await closed.DisposeAsync();
            EpollConnection next = fixture.DialAs(closed.Descriptor);
            Assert.True(next.TryRegister());

            keepAlive.Run(now: DeferredKeepAlive.Age);

            Assert.Equal(0, Option(next, LinuxCalls.SocketLevel, LinuxCalls.KeepAlive));
        });
    }

    [SkippableFact]
    public async Task Pause_CrowdOfConnections_IsSetUpInTurns()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection connection, _) = await fixture.ConnectAsync();
        await fixture.RunAsync(() =>
        {
            var keepAlive = new DeferredKeepAlive(fixture.Table, new TransportOptions());
            Assert.Equal(-1, keepAlive.Pause(now: 0));
            for (int i = 0; i < DeferredKeepAlive.MaxPerTurn + 1; i++)
                keepAlive.Add(connection.Descriptor, now: 0);
            Assert.Equal(DeferredKeepAlive.Age - 400, keepAlive.Pause(now: 400));

            keepAlive.Run(DeferredKeepAlive.Age);
            Assert.Equal(0, keepAlive.Pause(DeferredKeepAlive.Age));
            keepAlive.Run(DeferredKeepAlive.Age);
            Assert.Equal(-1, keepAlive.Pause(DeferredKeepAlive.Age));
        });
    }

    [SkippableFact]
    public async Task ConnectAsync_AnyConnection_SendsSmallMessagesAtOnce()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection connection, _) = await fixture.ConnectAsync();

        Assert.Equal(1, Option(connection, LinuxCalls.TcpLevel, LinuxCalls.TcpNoDelay));
    }

    [SkippableFact]
    public async Task Reactor_DialledConnection_GetsKeepAliveWithoutAnyEvent()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection connection, _) = await fixture.ConnectAsync();

        await Until.TrueAsync(() => Option(connection, LinuxCalls.SocketLevel, LinuxCalls.KeepAlive) == 1, "keepalive is on");
    }

    [SkippableFact]
    public async Task Add_KeepAliveOff_HasNothingToDo()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection connection, _) = await fixture.ConnectAsync();
        var keepAlive = new DeferredKeepAlive(fixture.Table, new TransportOptions { KeepAlive = TimeSpan.Zero });

        keepAlive.Add(connection.Descriptor, now: 0);

        Assert.Equal(-1, keepAlive.Pause(now: 0));
    }

    private static unsafe int Option(EpollConnection connection, int level, int name)
    {
        int value = -1;
        int length = sizeof(int);
        Assert.Equal(0, LinuxCalls.GetSocketOption(connection.Descriptor, level, name, &value, &length));
        return value;
    }
}
