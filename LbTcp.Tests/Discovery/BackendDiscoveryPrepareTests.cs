using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public sealed class BackendDiscoveryPrepareTests : IAsyncLifetime
{
    private readonly DiscoveryFixture _fixture = new();

    private ScriptedDns Dns => _fixture.Dns;

    [Fact]
    public async Task PrepareAsync_NameHangs_WaitsNoLongerThanTheLimit()
    {
        Dns.Answer("web1", 60, "10.0.0.7");
        Dns.Hang("web2");
        using var limit = new CancellationTokenSource();
        var lines = Pools.Options("web1:80", "web2:80");

        Task preparing = _fixture.Discovery.PrepareAsync(lines, limit.Token);
        await Until.TrueAsync(() => Dns.Asked("web1") + Dns.Asked("web2") == 2, "both are asked for");
        Assert.False(preparing.IsCompleted);
        await limit.CancelAsync();
        await preparing.Done();
        _ = _fixture.Discovery.Apply(lines);
        await Until.TrueAsync(
            () =>
            {
                _fixture.Discovery.Refresh();
                return _fixture.Members[0] == "web1/10.0.0.7 = 10.0.0.7:80";
            },
            "the other name is served");

        Assert.Equal("web2:80 = ", _fixture.Members[1]);
        Assert.Equal("web2", Assert.Single(_fixture.Discovery.Unresolved).Question.Name);
    }

    [Fact]
    public async Task Refresh_NamesArePrepared_AreKeptForTheApply()
    {
        Dns.Answer("web1", 60, "10.0.0.7");
        await _fixture.StartAsync("10.0.0.1:80");
        var lines = Pools.Options("web1:80");
        await _fixture.Discovery.PrepareAsync(lines, CancellationToken.None).Done();

        _fixture.Discovery.Refresh();
        Assert.Equal(["10.0.0.1:80 = 10.0.0.1:80"], _fixture.Members);
        _ = _fixture.Discovery.Apply(lines);

        Assert.Equal(["web1/10.0.0.7 = 10.0.0.7:80"], _fixture.Members);
        Assert.Equal(1, Dns.Asked("web1"));
    }

    [Fact]
    public async Task Abandon_NamesArePrepared_AreForgotten()
    {
        Dns.Answer("web1", 60, "10.0.0.7");
        await _fixture.StartAsync("10.0.0.1:80");
        await _fixture.Discovery.PrepareAsync(Pools.Options("web1:80"), CancellationToken.None).Done();

        _fixture.Discovery.Abandon();
        _ = _fixture.Discovery.Apply(Pools.Options("web1:80"));

        await Until.TrueAsync(() => Dns.Asked("web1") == 2, "it is asked for anew");
    }

    [Fact]
    public async Task Apply_FirstName_ShortensTheTick()
    {
        await _fixture.StartAsync("10.0.0.1:80");
        TimeSpan idle = _fixture.Discovery.Tick;
        List<TimeSpan> ticks = [];
        _fixture.Discovery.TickShortened += () => ticks.Add(_fixture.Discovery.Tick);

        _ = _fixture.Discovery.Apply(Pools.Options("10.0.0.2:80"));
        Assert.Empty(ticks);
        _ = _fixture.Discovery.Apply(Pools.Options("web1:80"));
        _ = _fixture.Discovery.Apply(Pools.Options("web1:80", "web2:80"));

        Assert.True(Assert.Single(ticks) < idle);
    }

    [Fact]
    public async Task Abandon_NameWasPreparedWithoutAnAnswer_IsAskedForAnewTheNextTime()
    {
        await _fixture.StartAsync("10.0.0.1:80");
        var next = Pools.Options("web1:80");
        await _fixture.Discovery.PrepareAsync(next, CancellationToken.None).Done();
        Assert.Equal(["web1"], _fixture.Discovery.NamesThatLeaveNone(next));

        _fixture.Discovery.Abandon();
        Dns.Answer("web1", 30, "10.0.0.7");
        await _fixture.Discovery.PrepareAsync(next, CancellationToken.None).Done();

        Assert.Empty(_fixture.Discovery.NamesThatLeaveNone(next));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.EndAsync();
}
