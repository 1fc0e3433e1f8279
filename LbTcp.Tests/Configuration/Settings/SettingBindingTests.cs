using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Configuration.Settings;

/// <summary>What holds for the bindings of all settings.</summary>
public class SettingBindingTests
{
    private static readonly string[] _texts = ["7", "17s", "/other", "name", "10.0.0.9:53", "10.0.0.9", "http://collector:4318", "7/s", "7KB/s"];
    private static readonly ServiceOptions _service = new() { Backends = [] };

    [Fact]
    public void Format_OptionsByDefault_AreTheDefaultsOfTheSettings()
    {
        AssertDefaults(ServiceBindings.All, _service);
        AssertDefaults(HostBindings.All, new HostOptions { Services = [] });
    }

    [Fact]
    public void TryApply_EveryBinding_ChangesItsOwnSettingOnly()
    {
        AssertIndependent(ServiceBindings.All, _service);
        AssertIndependent(HostBindings.All, new HostOptions { Services = [] });
        AssertIndependent(BackendKeys.All, TestBackends.Limited("a:1", 0));
    }

    // Names, addresses and backends are not settings with one value; the time limit of a dead peer belongs to the process. The first-byte
    // timeout is a property of two of them, written by one binding.
    [Fact]
    public void All_PropertiesOfTheOptions_HaveABinding()
    {
        string[] without =
        [
            nameof(ServiceOptions.Name), nameof(ServiceOptions.Listen), nameof(ServiceOptions.Backends),
            nameof(ServiceOptions.BackendsFile),
        ];
        Type[] parts =
        [
            typeof(ServiceOptions), typeof(HealthCheckOptions), typeof(PassiveHealthOptions), typeof(ForwardingOptions),
            typeof(AdmissionOptions), typeof(PrefaceOptions), typeof(TlsOptions),
        ];
        int properties = parts.Sum(part => part.GetProperties().Count(property => property.CanWrite))
            - without.Length - (parts.Length - 1) - ServiceContents.All.Count - 1 - 1;
        Assert.Equal(properties, ServiceBindings.All.Count);
    }

    private static void AssertDefaults<TOptions>(IEnumerable<SettingBinding<TOptions>> bindings, TOptions options)
        where TOptions : class => Assert.All(bindings, binding =>
        {
            if (binding.Format(options) is { } text)
                Assert.Equal(binding.Setting.DefaultText, text);
        });

    private static void AssertIndependent<TOptions>(IReadOnlyList<SettingBinding<TOptions>> bindings, TOptions options)
        where TOptions : class => Assert.All(bindings, binding =>
        {
            string text = Other(binding.Setting, binding.Format(options));
            Assert.True(binding.TryApply(options, text, out TOptions? changed, out _), binding.Setting.Name);
            Assert.Equal(text, binding.Format(changed));
            Assert.All(bindings.Where(other => other != binding), other => Assert.Equal(other.Format(options), other.Format(changed)));
        });

    // A value that the setting accepts and that is not its present one.
    private static string Other(Setting setting, string? present) =>
        setting.Name == "admin" // which completes a port alone
            ? "10.0.0.9:53"
            : _texts.Concat(setting.Placeholder.Split('|')).First(text => text != present && setting.FindProblem(text) is null);
}
