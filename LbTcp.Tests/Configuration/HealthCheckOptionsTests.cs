using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration;

public sealed class HealthCheckOptionsTests : ConfigurationScenario
{
    [Theory]
    [InlineData("http://a:1", null, null, 2_000)]
    [InlineData("http://a:1", null, "500ms", 500)]
    [InlineData("http://a:1", "1s", "500ms", 1_000)]
    [InlineData("http://a:1", "2s", "500ms", 2_000)] // given, although it is the default
    [InlineData("http://a:1", null, "0", 2_000)]
    [InlineData("http://a:1,first_byte_timeout=300ms", null, "500ms", 300)]
    [InlineData("http://a:1,first_byte_timeout=300ms", null, null, 300)]
    [InlineData("http://a:1,first_byte_timeout=0", null, "500ms", 2_000)]
    [InlineData("http://a:1,first_byte_timeout=300ms", "1s", null, 1_000)]
    [InlineData("tcp://a:1", null, "500ms", 2_000)]
    [InlineData("http://a:1,check=tcp", null, "500ms", 2_000)]
    public void TimeoutFor_FlagsAndBackend_TheMostSpecificIsUsed(string backend, string? check, string? firstByte, int milliseconds)
    {
        Flags[ServiceSettings.Backends] = [backend];
        if (check is not null)
            Flags[HealthCheckSettings.Timeout] = [check];
        if (firstByte is not null)
            Flags[ForwardingSettings.FirstByteTimeout] = [firstByte];

        ServiceOptions service = Assert.Single(Read().Options!.Services);

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), service.HealthCheck.TimeoutFor(service.Backends[0]));
    }

    [Fact]
    public void TimeoutFor_FirstByteTimeoutChanges_IsADifferenceOfTheChecks() => Assert.NotEqual(
        new HealthCheckOptions(), new HealthCheckOptions { FirstByteTimeout = TimeSpan.FromSeconds(1) });
}
