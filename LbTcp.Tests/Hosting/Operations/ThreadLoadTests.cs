using LbTcp.Hosting.Operations;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Hosting.Operations;

public sealed class ThreadLoadTests
{
    private readonly FakeTimeProvider _clock = new();
    private TimeSpan? _used = TimeSpan.FromSeconds(5);

    [Fact]
    public void Read_SecondSample_IsTheShareSinceTheFirst()
    {
        var load = new ThreadLoad(_ => _used, _clock);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, load.Read(7));
        _clock.Advance(TimeSpan.FromSeconds(2));
        _used += TimeSpan.FromSeconds(0.5);

        Assert.Equal(0.25, load.Read(7), precision: 6);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        _used += TimeSpan.FromSeconds(0.1);
        Assert.Equal(0.25, load.Read(7), precision: 6); // too early for a sample of its own
    }

    [Fact]
    public void Read_SystemDoesNotTell_IsZero()
    {
        _used = null;
        var load = new ThreadLoad(_ => _used, _clock);

        Assert.Equal(0, load.Read(7));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, load.Read(7));
    }
}
