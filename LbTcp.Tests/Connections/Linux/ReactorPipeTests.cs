using System.Net.Sockets;
using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

public sealed class ReactorPipeTests
{
    [SkippableFact]
    public void TryGet_Repeated_ReturnsTheSamePipe()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this system is not Linux");
        using var pipe = new ReactorPipe(SplicePipe.TryCreate);

        SplicePipe? first = pipe.TryGet(0);

        Assert.NotNull(first);
        Assert.Same(first, pipe.TryGet(ReactorPipe.RetryAfter));
    }

    [Fact]
    public void TryGet_TheSystemRefuses_AsksAgainAfterAPause()
    {
        int asked = 0;
        using var pipe = new ReactorPipe(() =>
        {
            asked++;
            return null;
        });

        Assert.Null(pipe.TryGet(1_000));
        Assert.Null(pipe.TryGet(1_000 + ReactorPipe.RetryAfter - 1));
        Assert.Equal(1, asked);
        Assert.Null(pipe.TryGet(1_000 + ReactorPipe.RetryAfter));
        Assert.Equal(2, asked);
    }

    [SkippableFact]
    public async Task Discard_BytesAreLeftInIt_TheNextUseGetsAnEmptyPipe()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection connection, Socket peer) = await fixture.ConnectAsync();
        _ = await peer.SendAsync(new byte[100]);
        await Until.TrueAsync(() => connection.IsReadable, "the bytes have arrived");
        await fixture.RunAsync(() =>
        {
            SplicePipe pipe = fixture.Home.Pipe.TryGet(0)!;
            Assert.Equal(100, connection.Receive(pipe, SplicePipe.MaxFilling));

            fixture.Home.Pipe.Discard();

            SplicePipe next = fixture.Home.Pipe.TryGet(0)!;
            Assert.NotSame(pipe, next);
            Assert.True(next.IsEmpty);
        });
    }
}
