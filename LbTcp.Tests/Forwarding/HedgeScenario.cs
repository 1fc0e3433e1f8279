using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>What tests of hedged dials begin and end with.</summary>
internal static class HedgeScenario
{
    /// <summary>A client connects, and its dial of the first backend is left without an answer.</summary>
    public static ScriptedDial Begin(HandlerFixture fixture, out InMemoryConnection client, out Task handling)
    {
        List<ScriptedDial> dials = fixture.Scripted(1);
        (client, handling) = fixture.Connect();
        return Assert.Single(dials);
    }

    /// <summary>Every slot came back, and nothing is watched any more.</summary>
    public static void AssertNothingIsLeft(HandlerFixture fixture)
    {
        Assert.All(fixture.Pool.GetAllBackends(), backend => Assert.Equal((0, 0), (backend.BusyConnections, backend.OpenConnections)));
        fixture.Failover.Hedges.Check();
        fixture.Failover.Hedges.Check();
        Assert.Equal(Timeout.InfiniteTimeSpan, fixture.Failover.Hedges.Tick);
    }
}
