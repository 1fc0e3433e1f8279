using System.Net.Sockets;
using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

public sealed class SplicePipesTests
{
    [SkippableFact]
    public void TryRent_TheLimitIsReached_GivesNoneUntilOneIsBack()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this system is not Linux");
        using var pipes = new SplicePipes(limit: 2);
        SplicePipe first = pipes.TryRent()!;
        SplicePipe second = pipes.TryRent()!;
        Assert.Null(pipes.TryRent());

        pipes.Return(first);

        Assert.Same(first, pipes.TryRent());
        Assert.Null(pipes.TryRent());
        pipes.Return(first);
        pipes.Return(second);
    }

    [SkippableFact]
    public async Task Return_BytesAreLeftInIt_NobodyElseGetsThem()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection connection, Socket peer) = await fixture.ConnectAsync();
        _ = await peer.SendAsync(new byte[100]);
        await Until.TrueAsync(() => connection.IsReadable, "the bytes have arrived");
        await fixture.RunAsync(() =>
        {
            SplicePipe pipe = fixture.Home.Pipes.TryRent()!;
            Assert.Equal(100, connection.Receive(pipe));

            fixture.Home.Pipes.Return(pipe);

            SplicePipe next = fixture.Home.Pipes.TryRent()!;
            Assert.NotSame(pipe, next);
            Assert.Equal(0, next.Length);
            fixture.Home.Pipes.Return(next);
        });
    }
}
