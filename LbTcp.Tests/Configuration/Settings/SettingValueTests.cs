using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration.Settings;

public class SettingValueTests
{
    [Fact]
    public void Of_HostAndService_AreAllSettingsButTheLists()
    {
        string[] lists = [ServiceSettings.Listen.Name, ServiceSettings.Backends.Name, ServiceSettings.BackendsFile.Name];
        var service = new ServiceOptions { Backends = [] };
        SettingValue[] values = [.. SettingValue.Of(new HostOptions { Services = [service] }), .. SettingValue.Of(service)];

        Assert.Equal(
            Catalogue.All.Select(setting => setting.Name).Except(lists).Order(StringComparer.Ordinal),
            values.Select(value => value.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(new SettingValue("idle_timeout", "1h"), values);
    }
}
