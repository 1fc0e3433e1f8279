using LbTcp.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Diagnostics;

public class LogThrottleTests
{
    [Fact]
    public void TryPass_WithinThePeriod_LetsOneThrough()
    {
        var time = new FakeTimeProvider();
        var throttle = new LogThrottle(time, TimeSpan.FromMinutes(1));
        Assert.True(throttle.TryPass());
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(throttle.TryPass());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(throttle.TryPass());
        Assert.False(throttle.TryPass());
    }
}
