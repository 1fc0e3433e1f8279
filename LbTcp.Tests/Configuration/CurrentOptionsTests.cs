using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class CurrentOptionsTests
{
    [Fact]
    public void Replace_OtherOptions_TellsThePreviousAndTheNewOnes()
    {
        var current = new CurrentOptions<PassiveHealthOptions>(new PassiveHealthOptions());
        List<(int, int, int)> falls = [];
        current.Changed += (before, next) => falls.Add((before.Fall, next.Fall, current.Value.Fall));

        current.Replace(new PassiveHealthOptions { Fall = 7 });

        Assert.Equal([(new PassiveHealthOptions().Fall, 7, 7)], falls);
    }

    [Fact]
    public void Replace_OneGroupOfAService_TouchesNoOther()
    {
        var service = new ServiceOptions { Backends = [] };
        var current = new CurrentServiceOptions(service);
        List<string> changes = [];
        current.Forwarding.Changed += (_, _) => changes.Add("forwarding");
        current.HealthCheck.Changed += (_, _) => changes.Add("checks");
        current.PassiveHealth.Changed += (_, _) => changes.Add("passive");
        current.All.Changed += (_, _) => changes.Add("all");

        current.Replace(service with { Forwarding = new ForwardingOptions { Retries = 9 }, HealthCheck = new HealthCheckOptions() });

        Assert.Equal(["forwarding", "all"], changes);
        Assert.Equal(9, current.Forwarding.Value.Retries);
    }
}
