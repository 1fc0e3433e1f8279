using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration;

public class PassiveHealthOptionsTests
{
    [Theory]
    [InlineData(10, 10)]
    [InlineData(10, 300)]
    public void FindConflict_MaximumAtLeastTheFirstEjection_IsNone(int first, int longest) =>
        Assert.Null(Options(first, longest).FindConflict());

    [Fact]
    public void FindConflict_MaximumBelowTheFirstEjection_NamesBothSettings()
    {
        var expected = new SettingConflict(
            PassiveHealthSettings.MaxEjectionTime, "9s", "shorter than", PassiveHealthSettings.EjectionTime, "10s");
        Assert.Equal(expected, Options(10, 9).FindConflict());
        Assert.Equal(expected, new ServiceOptions { Backends = [], PassiveHealth = Options(10, 9) }.FindConflict());
    }

    private static PassiveHealthOptions Options(int first, int longest) =>
        new() { EjectionTime = TimeSpan.FromSeconds(first), MaxEjectionTime = TimeSpan.FromSeconds(longest) };
}
