using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting.Operations;

public sealed class BackendJournalsTests
{
    private readonly ObservedService _service = new("10.0.0.1:80 name=a", "10.0.0.2:80 name=b");

    private BackendJournal Journal => _service.Journals.Of(_service.Named("a"));

    [Fact]
    public void Latest_AtTheStart_SaysThatItWasAdded()
    {
        Assert.Equal([("added", "10.0.0.1:80", TransitionTrigger.Start)], Entries("a"));
        Assert.Equal(_service.Clock.GetUtcNow(), Journal.Since);
    }

    [Fact]
    public void Follow_HealthFlips_HasStateReasonAndTrigger()
    {
        _service.Check("a", ObservedService.Fails, 3);
        _service.Check("a", ObservedService.Works, 2);
        _service.Clock.Advance(TimeSpan.FromMinutes(1));
        _service.Fail("a");
        _service.Check("a", ObservedService.Fails, 3);

        Assert.Equal(
            [
                ("unhealthy", "checks fail as well: connection refused", TransitionTrigger.Active),
                ("ejected", "3 connections of clients failed in a row: connection refused", TransitionTrigger.Passive),
                ("healthy", "2 checks succeeded in a row: connected", TransitionTrigger.Active),
                ("unhealthy", "3 checks failed in a row: connection refused", TransitionTrigger.Active),
            ],
            Entries("a").SkipLast(1));
        Assert.Equal((3, 1), (Journal.Flips, Journal.Ejections));
        Assert.Equal(_service.Clock.GetUtcNow(), Journal.Since);
    }

    [Fact]
    public void IntentSet_AndWeightSet_HaveTheRequester()
    {
        _service.SetIntent("a", BackendIntent.Drain);
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        _service.SetWeight("a", 3);
        _service.SetWeight("a", null);

        Assert.Equal(
            [
                ("weight 1", "set by local from unix, was 3", TransitionTrigger.Admin),
                ("weight 3", "set by local from unix, was 1", TransitionTrigger.Admin),
                ("drain", "set by local from unix, was ready", TransitionTrigger.Admin),
            ],
            Entries("a").SkipLast(1));
        Assert.Equal(_service.Clock.GetUtcNow() - TimeSpan.FromSeconds(1), Journal.Since); // a weight is no state
    }

    [Theory]
    [InlineData(false, TransitionTrigger.Reload)]
    [InlineData(true, TransitionTrigger.Dns)]
    internal void Follow_BackendsChange_HasTheTriggerOfTheChange(bool isDiscovered, TransitionTrigger trigger)
    {
        Backend b = _service.Named("b");

        Apply(isDiscovered, "10.0.0.1:80 name=a weight=3", "10.0.0.3:80 name=c");

        Assert.Equal([("weight 3", "was 1", trigger)], Entries("a").SkipLast(1));
        Assert.Equal(("removed", "0 connections open", trigger), Entry(_service.Journals.Of(b).Latest[0]));
        Assert.Equal([("added", "10.0.0.3:80", trigger)], Entries("c"));
    }

    [Fact]
    public void Follow_AddressesChange_HasTheNewOnes()
    {
        BackendOptions options = Pools.Options("web.example:80 name=a")[0];
        var service = new ObservedService(new ServiceOptions { Backends = [With()] });

        PoolChange change = service.Pool.Replace([With("10.0.0.7", "10.0.0.8")], isDiscovered: true);
        service.Pool.Raise(change);

        Assert.Equal(
            [
                ("addresses changed", "10.0.0.7:80 10.0.0.8:80", TransitionTrigger.Dns),
                ("added", "web.example:80, no answer yet", TransitionTrigger.Start),
            ],
            service.Journals.Of(service.Named("a")).Latest.Select(Entry));

        BackendOptions With(params string[] addresses) =>
            options with { Resolved = new ResolvedHost("web.example", [.. addresses.Select(System.Net.IPAddress.Parse)]) };
    }

    [Fact]
    public void Follow_ConfiguredWeightEndsTheOneOfTheOperator_SaysSo()
    {
        _service.SetWeight("a", 9);

        Apply(isDiscovered: false, "10.0.0.1:80 name=a weight=2");

        Assert.Equal(
            ("weight 2", "the configured weight changed, which ends that of the operator", TransitionTrigger.Reload),
            Entry(Journal.Latest[0]));
    }

    [Fact]
    public void Follow_BackendReturnsWithAnotherWeight_SaysThatTheOneOfTheOperatorEnded()
    {
        _service.SetWeight("a", 9);
        Apply(isDiscovered: false, "10.0.0.2:80 name=b");

        Apply(isDiscovered: false, "10.0.0.1:80 name=a weight=2");

        Assert.Equal(
            [
                ("weight 2", "the configured weight changed, which ends that of the operator", TransitionTrigger.Reload),
                ("added", "10.0.0.1:80", TransitionTrigger.Reload),
            ],
            Entries("a").Take(2));
    }

    [Fact]
    public void Follow_MarkedFromOutside_SaysSo()
    {
        _ = _service.Pool.MarkUnhealthy("10.0.0.1:80");
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        _ = _service.Pool.MarkHealthy("10.0.0.1:80");

        Assert.Equal(
            [("healthy", "set from outside", TransitionTrigger.Admin), ("unhealthy", "set from outside", TransitionTrigger.Admin)],
            Entries("a").SkipLast(1));
        Assert.Equal((_service.Clock.GetUtcNow(), 2), (Journal.Since, Journal.Flips));
    }

    [Fact]
    public void Latest_MoreThanAreKept_DropsTheOldest()
    {
        for (int weight = 2; weight < BackendJournal.Capacity + 10; weight++)
            _service.SetWeight("a", weight);

        Assert.Equal(BackendJournal.Capacity, Journal.Latest.Count);
        Assert.Equal($"weight {BackendJournal.Capacity + 9}", Journal.Latest[0].State);
    }

    private void Apply(bool isDiscovered, params string[] lines) =>
        _service.Pool.Raise(_service.Pool.Replace(Pools.Options(lines), isDiscovered));

    private IEnumerable<(string State, string Reason, TransitionTrigger Trigger)> Entries(string name) =>
        _service.Journals.Of(_service.Named(name)).Latest.Select(Entry);

    private static (string State, string Reason, TransitionTrigger Trigger) Entry(Transition transition) =>
        (transition.State, transition.Reason, transition.Trigger);
}
