using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting.Operations;

public sealed class NextStepsTests
{
    private const string Eject = "3 failed connections in a row eject it for 10s or longer";

    [Fact]
    public void Of_Healthy_SaysWhatTakesItOut()
    {
        var service = new ObservedService("a:1", "b:1");
        Assert.Equal(["3 failed checks in a row make it unhealthy", Eject], NextSteps.Of(service.Facts("a:1")));

        service.Check("a:1", ObservedService.Fails);
        Assert.Equal("2 more failed checks in a row make it unhealthy", NextSteps.Of(service.Facts("a:1"))[0]);
        service.Check("a:1", ObservedService.Fails);
        Assert.Equal("1 more failed check makes it unhealthy", NextSteps.Of(service.Facts("a:1"))[0]);
    }

    [Fact]
    public void Of_Unhealthy_SaysWhatBringsItBackAndWhatFollows()
    {
        var service = new ObservedService(
            new ServiceOptions { Backends = Pools.Options("a:1", "b:1"), SlowStartTime = TimeSpan.FromSeconds(30) });

        service.Check("a:1", ObservedService.Fails, 3);
        Assert.Equal(["2 successes in a row make it healthy", "slow start 30s then"], NextSteps.Of(service.Facts("a:1")));

        service.Check("a:1", ObservedService.Works);
        Assert.Equal("1 more success makes it healthy", NextSteps.Of(service.Facts("a:1"))[0]);
    }

    [Theory]
    [InlineData("", "the ejection ends in 8s or with the first successful check")]
    [InlineData(" check=none", "the ejection ends in 8s")]
    public void Of_Ejected_SaysWhenItReturns(string check, string expected)
    {
        var service = new ObservedService($"a:1{check}", "b:1", "c:1");
        service.Fail("a:1");
        service.Clock.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal([expected], NextSteps.Of(service.Facts("a:1")));
    }

    [Theory]
    [InlineData(
        " check_port=2",
        "the ejection ends in 8s; a successful TCP check does not end it, because the system of a program that hangs accepts connections")]
    [InlineData("", "the ejection ends in 4m58s or with the first check that the program answers: FIN without a request")]
    [InlineData(" check=http", "the ejection ends in 8s or with the first successful check")]
    [InlineData(" check=none", "the ejection ends in 8s")]
    public void Of_EjectedForSilence_SaysWhichChecksEndIt(string check, string expected)
    {
        var service = new ObservedService($"a:1{check}", "b:1", "c:1");
        service.Silence("a:1");
        service.Clock.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal([expected], NextSteps.Of(service.Facts("a:1")));
        Assert.Equal(
            "3 connections of clients failed in a row: no answer in 500ms to what a client sent", StateReason.Of(service.Facts("a:1")));
    }

    [Fact]
    public void Of_FirstByteTimeout_SaysWhatSilenceDoes()
    {
        var service = new ObservedService("a:1 first_byte_timeout=500ms", "b:1");
        Assert.Equal("3 connections in a row without an answer in 500ms eject it likewise", NextSteps.Of(service.Facts("a:1"))[^1]);
        Assert.Equal(Eject, NextSteps.Of(service.Facts("b:1"))[^1]);

        service.Silence("a:1", times: 2);
        Assert.Equal("1 connection in a row without an answer in 500ms ejects it likewise", NextSteps.Of(service.Facts("a:1"))[^1]);
        service.Named("a:1").IsHeld = true;
        Assert.Equal(
            "new connections prefer other backends until it answers one of those that wait for its first byte",
            NextSteps.Of(service.Facts("a:1"))[^1]);
    }

    [Fact]
    public void Of_Drain_SaysWhoSetItAndWhatEndsIt()
    {
        var service = new ObservedService("a:1 name=web1", "b:1");
        service.SetIntent("web1", BackendIntent.Drain);
        service.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(
            "drain was set by local from unix at 14:02:00 UTC; lbtcp ready web1 ends it", NextSteps.Of(service.Facts("web1"))[0]);

        service.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Contains("at 2026-11-22 14:02:00 UTC;", NextSteps.Of(service.Facts("web1"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_UnhealthyInMaintenance_SaysThatItIsNotChecked()
    {
        var service = new ObservedService("a:1", "b:1");
        service.Check("a:1", ObservedService.Fails, 3);
        service.SetIntent("a:1", BackendIntent.Maint);

        Assert.Equal("it is not checked while in maintenance", NextSteps.Of(service.Facts("a:1"))[1]);
    }

    [Fact]
    public void Of_WeightZero_SaysWhatChangesIt()
    {
        var service = new ObservedService("a:1 weight=0", "b:1 weight=3");
        service.SetWeight("b:1", 0);

        Assert.Equal("its weight is 0; lbtcp weight a:1 1 overrides that", NextSteps.Of(service.Facts("a:1"))[0]);
        Assert.Equal(
            "its weight is 0, set by an operator; lbtcp weight b:1 - restores the configured weight, 3",
            NextSteps.Of(service.Facts("b:1"))[0]);
    }

    [Fact]
    public void Of_FullOrInReserve_SaysWhatItWaitsFor()
    {
        var service = new ObservedService("a:1 max_connections=2", "b:1 backup");
        service.Named("a:1").Load(2);

        Assert.Equal(
            "it is full, 2 of 2 connections; it gets the next one when one of them ends", NextSteps.Of(service.Facts("a:1"))[^1]);
        Assert.Equal("it is a backup: it gets connections while no other backend is available", NextSteps.Of(service.Facts("b:1"))[^1]);
    }

    [Fact]
    public void Of_Unresolved_SaysThatItWaitsForTheNameServer()
    {
        var service = new ObservedService(new ServiceOptions
        {
            Backends = [Pools.Options("web.example:1")[0] with { Resolved = new ResolvedHost("web.example", []) }],
        });

        Assert.Equal(["it gets connections when a name server answers for web.example"], NextSteps.Of(service.Facts("web.example:1")));
        Assert.Equal(HealthState.Unresolved, service.Facts("web.example:1").Health);
    }
}
