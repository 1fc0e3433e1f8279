using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public sealed class NameTrackerTests : IAsyncLifetime
{
    private readonly DiscoveryFixture _fixture = new();

    private ScriptedDns Dns => _fixture.Dns;

    [Theory]
    [InlineData(0, 1)] // dns_min
    [InlineData(10, 10)]
    [InlineData(3600, 30)] // dns_max
    public async Task BeginIfDue_TimeToLive_DecidesWhenItIsAskedForAgain(int timeToLive, int seconds)
    {
        Dns.Answer("web1", timeToLive, "10.0.0.1");
        TrackedName name = await TrackAsync("web1");

        Assert.Equal(1, await AskedAfterAsync(name, TimeSpan.FromSeconds(seconds * 0.79))); // a part of the interval is chance
        Assert.Equal(2, await AskedAfterAsync(name, TimeSpan.FromSeconds(seconds * 0.22)));
    }

    [Fact]
    public async Task BeginIfDue_ManyNamesAskedForTogether_SpreadOverTime()
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"web{i}")];
        foreach (string name in names)
            Dns.Answer(name, 20, "10.0.0.1");
        TrackedName[] tracked = await Task.WhenAll(names.Select(TrackAsync));

        _fixture.Time.Advance(TimeSpan.FromSeconds(18));
        foreach (TrackedName name in tracked)
            _fixture.Names.BeginIfDue(name);
        await _fixture.Names.WhenIdleAsync().Done();

        Assert.InRange(names.Count(name => Dns.Asked(name) == 2), 5, 45);
    }

    [Fact]
    public async Task BeginIfDue_Failures_KeepTheAnswerAndAreLoggedOnceAndSoIsTheRecovery()
    {
        Dns.Answer("web1", 1, "10.0.0.1");
        TrackedName name = await TrackAsync("web1");
        NameAnswer? known = name.Answer;

        Dns.Answer("web1", DnsAnswer.Failed("SERVFAIL from x"));
        for (int i = 0; i < 5; i++)
            _ = await AskedAfterAsync(name, TimeSpan.FromSeconds(30));
        Assert.Same(known, name.Answer);
        Assert.Equal(
            "name cannot be resolved name=web1 reason=SERVFAIL from x kept=1", _fixture.NameLogs.Message(EventIds.NameFailed));
        Assert.Equal(0, _fixture.NameLogs.Count(EventIds.NameRecovered));

        Dns.Answer("web1", 1, "10.0.0.1");
        for (int i = 0; i < 3; i++)
            _ = await AskedAfterAsync(name, TimeSpan.FromSeconds(30));
        Assert.Same(known, name.Answer); // the same content
        Assert.Equal("name is resolved name=web1", _fixture.NameLogs.Message(EventIds.NameRecovered));
    }

    [Fact]
    public async Task BeginIfDue_FailuresInARow_AreAskedForAtGrowingIntervals()
    {
        TrackedName name = await TrackAsync("web1");

        Assert.Equal(2, await AskedAfterAsync(name, TimeSpan.FromSeconds(1)));
        Assert.Equal(2, await AskedAfterAsync(name, TimeSpan.FromSeconds(1)));
        Assert.Equal(3, await AskedAfterAsync(name, TimeSpan.FromSeconds(1)));
        Assert.Equal(3, await AskedAfterAsync(name, TimeSpan.FromSeconds(3)));
        Assert.Equal(4, await AskedAfterAsync(name, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task BeginIfDue_NamesWhoseServerIsSilent_LeavePlacesToOthers()
    {
        var fixture = new DiscoveryFixture(places: 4);
        string[] silent = [.. Enumerable.Range(0, 8).Select(i => $"silent{i}")];
        foreach (string each in silent)
            fixture.Dns.Answer(each, DnsAnswer.Failed("no answer"));
        TrackedName[] names = [.. silent.Select(each => fixture.Names.Track(new NameQuestion(each, IsService: false)))];
        await fixture.Names.WhenIdleAsync().Done();
        foreach (string each in silent)
            fixture.Dns.Hang(each);

        fixture.Time.Advance(TimeSpan.FromSeconds(30));
        foreach (TrackedName name in names)
            fixture.Names.BeginIfDue(name);
        fixture.Dns.Answer("web1", 60, "10.0.0.1");
        TrackedName good = fixture.Names.Track(new NameQuestion("web1", IsService: false));

        await good.WhenAsked.Done();
        Assert.NotNull(good.Answer);
        await Until.TrueAsync(() => silent.Sum(each => fixture.Dns.Asked(each) - 1) == 2, "half of the places are used");
        await fixture.EndAsync().Done();
    }

    [Fact]
    public async Task Track_NewNamesAtASilentServer_DelayNeitherLocalNorProvenNames()
    {
        var fixture = new DiscoveryFixture(places: 4) { Hosts = "10.0.0.9 local" };
        fixture.Dns.Answer("proven", 1, "10.0.0.1");
        TrackedName proven = fixture.Names.Track(new NameQuestion("proven", IsService: false));
        await proven.WhenAsked.Done();
        TrackSilent(fixture, 8);
        await Until.TrueAsync(() => AskedSilent(fixture, 8) == 3, "the places for new names are taken");

        TrackedName local = fixture.Names.Track(new NameQuestion("local", IsService: false));
        await local.WhenAsked.Done();
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        fixture.Names.BeginIfDue(proven);

        Assert.NotNull(local.Answer);
        await Until.TrueAsync(() => fixture.Dns.Asked("proven") == 2, "a place is left for proven names");
        await fixture.EndAsync().Done();
    }

    [Fact]
    public async Task Track_NewNamesAtASilentServer_LeavePlacesToOtherNewNamesAfterAWhile()
    {
        var fixture = new DiscoveryFixture(places: 4);
        TrackSilent(fixture, 3);
        await Until.TrueAsync(() => AskedSilent(fixture, 3) == 3, "the places for new names are taken");
        fixture.Dns.Answer("web1", 60, "10.0.0.1");
        TrackedName good = fixture.Names.Track(new NameQuestion("web1", IsService: false));

        await Until.TrueAsync(
            () =>
            {
                fixture.Time.Advance(LookUpPlaces.Patience); // the timer may not have been created yet
                return good.Answer is not null;
            },
            "it is answered");
        await fixture.EndAsync().Done();
    }

    [Fact]
    public async Task Hasten_LookUpFailed_IsAskedForAtGrowingIntervals()
    {
        TrackedName name = await TrackAsync("web1");
        _ = await AskedAfterAsync(name, TimeSpan.FromSeconds(1));

        _fixture.Names.Hasten(name);

        Assert.Equal(2, await AskedAfterAsync(name, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Hasten_AnswerIsFresh_IsAskedForOnceAndNotBeforeTheMinimum()
    {
        Dns.Answer("web1", 30, "10.0.0.1");
        TrackedName name = await TrackAsync("web1");

        _fixture.Names.Hasten(name);
        Assert.Equal(1, await AskedAfterAsync(name, TimeSpan.FromSeconds(0.9)));
        _fixture.Names.Hasten(name);
        Assert.Equal(2, await AskedAfterAsync(name, TimeSpan.FromSeconds(0.1)));
        Assert.Equal(2, await AskedAfterAsync(name, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Track_SameNameTwice_IsAskedForOnceAndUntilTheLastUserEnds()
    {
        Dns.Answer("web1", 30, "10.0.0.1");
        TrackedName first = await TrackAsync("web1");
        TrackedName second = await TrackAsync("web1");
        Assert.Same(first, second);
        Assert.Equal(1, Dns.Asked("web1"));

        _fixture.Names.Untrack(first);
        Assert.Same(first, await TrackAsync("web1"));
        _fixture.Names.Untrack(first);
        _fixture.Names.Untrack(first);
        Assert.NotSame(first, await TrackAsync("web1"));
    }

    [Fact]
    public async Task ReportPending_LookUpHangs_IsLoggedOnceAndSoIsTheAnswer()
    {
        Dns.Hang("web1");
        TrackedName name = _fixture.Names.Track(new NameQuestion("web1", IsService: false));

        _fixture.Names.ReportPending(name);
        _fixture.Names.ReportPending(name);

        Assert.Equal("name cannot be resolved name=web1 reason=no answer yet kept=0", _fixture.NameLogs.Message(EventIds.NameFailed));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.EndAsync();

    private static void TrackSilent(DiscoveryFixture fixture, int count)
    {
        for (int i = 0; i < count; i++)
        {
            fixture.Dns.Hang($"silent{i}");
            _ = fixture.Names.Track(new NameQuestion($"silent{i}", IsService: false));
        }
    }

    private static int AskedSilent(DiscoveryFixture fixture, int count) =>
        Enumerable.Range(0, count).Sum(i => fixture.Dns.Asked($"silent{i}"));

    private async Task<TrackedName> TrackAsync(string name)
    {
        TrackedName tracked = _fixture.Names.Track(new NameQuestion(name, IsService: false));
        await _fixture.Names.WhenIdleAsync().Done();
        return tracked;
    }

    private async Task<int> AskedAfterAsync(TrackedName name, TimeSpan time)
    {
        _fixture.Time.Advance(time);
        _fixture.Names.BeginIfDue(name);
        await _fixture.Names.WhenIdleAsync().Done();
        return Dns.Asked(name.Question.Name);
    }
}
