using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration.Sources;

public sealed class IneffectiveSettingsTests : ConfigurationScenario
{
    public IneffectiveSettingsTests() => Flags[ServiceSettings.Backends] = ["a:1"];

    [Fact]
    public void Read_SettingsOfTlsAndOfARate_WithoutThese_AreWarnedAbout()
    {
        Flags[TlsSettings.MinVersion] = ["1.3"];
        Flags[AdmissionSettings.ConnectionBurst] = ["10"];
        Variables[AdmissionSettings.ConnectionBurstPerSource.Variable] = "10";

        Assert.Equal(
            [
                "--tls-min-version has no effect without --tls-cert.",
                "--connection-burst has no effect without --connection-rate.",
                "LBTCP_CONNECTION_BURST_PER_SOURCE has no effect without --connection-rate-per-source.",
            ],
            Read().Warnings);
    }

    [Fact]
    public void Read_BurstWithItsRate_IsNotWarnedAbout()
    {
        Flags[AdmissionSettings.ConnectionBurst] = ["10"];
        Flags[AdmissionSettings.ConnectionRate] = ["1/s"];

        Assert.Empty(Read().Warnings);
    }

    [Fact]
    public void Read_SettingForSeveralServices_MayHaveItsEffectInOneOfThem()
    {
        Flags.Clear();
        Flags[TlsSettings.MinVersion] = ["1.3"];

        Assert.Empty(Read(Write("lbtcp.json", """
            {
              "defaults": { "connection_burst": 10 },
              "services": { "a": { "listen": 80, "backends": "a:1" }, "b": { "listen": 81, "backends": "b:1" } }
            }
            """)).Warnings);
    }

    [Fact]
    public void Read_SettingOfOneOfSeveralServices_IsNamedAsInTheFile() => Assert.Equal(
        ["services.a.connection_burst has no effect without connection_rate."],
        ReadServices("""
            {
              "services": { "a": { "listen": 80, "backends": "a:1", "connection_burst": 10 }, "b": { "listen": 81, "backends": "b:1" } }
            }
            """));

    private IReadOnlyList<string> ReadServices(string text)
    {
        Flags.Clear();
        return Read(Write("lbtcp.json", text)).Warnings;
    }
}
