using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Configuration.Sources;

namespace LbTcp.Tests.Configuration.Sources;

public class EnvironmentVariablesTests
{
    private readonly List<ConfigurationError> _errors = [];

    [Fact]
    public void Read_Lists_AreSeparatedByBlanks()
    {
        SettingLayer layer = Read(("LBTCP_LISTEN", "80  [::1]:81"), ("LBTCP_BACKENDS", "a:1,weight=3\n b:1,backup"));
        Assert.Equal(["*:80", "[::1]:81"], layer.Listen!.Values.Select(address => address.Value.ToString()));
        Assert.Equal(
            [("a:1", 3), ("b:1", 1)], layer.Backends!.Values.Select(backend => (backend.Value.Address.Text, backend.Value.Weight)));
        Assert.Empty(_errors);
    }

    [Fact]
    public void Read_EmptyVariable_IsNotSet()
    {
        SettingLayer layer = Read(("LBTCP_RISE", ""), ("LBTCP_BACKENDS", "  "), ("LBTCP_CONFIG", ""));
        Assert.Null(layer.Find(HealthCheckSettings.Rise));
        Assert.Null(layer.Backends);
        Assert.Empty(_errors);
    }

    [Theory]
    [InlineData("LBTCP_RISE", "0", "LBTCP_RISE is '0', which is not a whole number from 1 to 1000.")]
    [InlineData("LBTCP_BACKENDS", "a:1 a:1", "LBTCP_BACKENDS: a:1 is given twice.")]
    [InlineData("LBTCP_LISTEN", "x", "LBTCP_LISTEN: 'x' is not an address to listen on: the port 'x' is not a number from 1 to 65535.")]
    public void Read_WrongValue_IsRefusedByName(string name, string text, string error)
    {
        _ = Read((name, text));
        Assert.Equal(error, Assert.Single(_errors).ToString());
    }

    [Theory]
    [InlineData(
        "LBTCP_CHEK_INTERVAL",
        "The environment variable 'LBTCP_CHEK_INTERVAL' is unknown and ignored; did you mean LBTCP_CHECK_INTERVAL?")]
    [InlineData("LBTCP_NONSENSE", "The environment variable 'LBTCP_NONSENSE' is unknown and ignored.")]
    [InlineData("LBTCP_nonsense\u001b", @"The environment variable 'LBTCP_nonsense\u001B' is unknown and ignored.")]
    public void DescribeUnknown_VariableThatIsNoSetting_IsDescribed(string name, string expected) =>
        Assert.Equal([expected], EnvironmentVariables.DescribeUnknown(Variables((name, "1"))));

    [Theory]
    [InlineData("LBTCP_SERVICE_HOST")]
    [InlineData("LBTCP_SERVICE_PORT")]
    [InlineData("LBTCP_SERVICE_PORT_HTTP")]
    [InlineData("LBTCP_PORT")]
    [InlineData("LBTCP_PORT_8080_TCP")]
    [InlineData("LBTCP_PORT_8080_TCP_ADDR")]
    [InlineData("LBTCP_ADMIN_SERVICE_HOST")]
    [InlineData("LBTCP_ADMIN_PORT_80_TCP_PROTO")]
    [InlineData("LBTCP_RISE")]
    [InlineData("OTHER")]
    public void DescribeUnknown_SettingOrServiceOfKubernetes_IsNot(string name) =>
        Assert.Empty(EnvironmentVariables.DescribeUnknown(Variables((name, "tcp://10.0.0.1:80"))));

    [Fact]
    public void IsServiceLink_VariablesOfSettings_AreNone() =>
        Assert.All(Catalogue.All, setting => Assert.False(EnvironmentVariables.IsServiceLink(setting.Variable), setting.Variable));

    private SettingLayer Read(params (string Name, string Text)[] variables) => EnvironmentVariables.Read(Variables(variables), _errors);

    private static Dictionary<string, string> Variables(params (string Name, string Text)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Text);
}
