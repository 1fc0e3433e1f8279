using LbTcp.Cli;
using LbTcp.Configuration;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

/// <summary>The warnings that a start, a reload and <c>lbtcp check</c> give for the settings.</summary>
public sealed class StartWarningsTests : IDisposable
{
    private readonly TemporaryDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("tcp", "a:1,tls=on", "The tcp check of a:1 succeeds")]
    [InlineData("auto", "a:1,tls=verify,name=web", "The tcp check of web succeeds")]
    [InlineData("https", "a:1,tls=on,check=tcp", "The tcp check of a:1 succeeds")]
    [InlineData("auto", "https://a:1,tls=on", null)]
    [InlineData("https", "a:1,tls=on", null)]
    [InlineData("redis", "a:1,tls=on", null)]
    [InlineData("tcp", "a:1,tls=on,check_send=x", null)] // sent over TLS
    [InlineData("tls", "a:1,tls=on", null)]
    [InlineData("none", "a:1,tls=on", null)]
    [InlineData("tcp", "a:1,tls=on,check_port=2", null)]
    [InlineData("tcp", "a:1", null)]
    public void Of_BackendWithTls_WarnsOfACheckThatDoesNotSeeIt(string check, string backend, string? expected) => AssertWarning(
        expected, Read("--check", check, "-b", "b:1", "-b", backend));

    [Fact]
    public void Of_SeveralBackendsAndServices_IsOneSentenceForEachService()
    {
        HostOptions options = RunningProcess.Options(
            RunningProcess.Service("web", [], "a:1 tls=on", "b:1 tls=on", "c:1") with { HealthCheck = new HealthCheckOptions() },
            RunningProcess.Service("api", [], "c:1 tls=on") with { HealthCheck = new HealthCheckOptions() });

        string[] warnings = [.. StartWarnings.Of(new ConfigurationResult(options, [], []))];

        Assert.Equal(2, warnings.Length);
        Assert.StartsWith("The tcp check of a:1 and of 1 more in service web succeeds", warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("The tcp check of c:1 in service api succeeds", warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_CertificateThatNoClientGets_Warns()
    {
        string first = _files.Write("1", TestCertificates.Create("a.test", "b.test").ToPem());
        string rsa = _files.Write("2", TestCertificates.CreateRsa("a.test").ToPem());
        string used = _files.Write("3", TestCertificates.Create("b.test", "c.test").ToPem());
        string unused = _files.Write("4", TestCertificates.Create("c.test", "a.test").ToPem());

        AssertWarning(null, Read("-b", "a:1", "--tls-cert", first, rsa, used));
        AssertWarning($"The certificate in {unused} is never used", Read("-b", "a:1", "--tls-cert", first, rsa, used, unused));
    }

    [Theory]
    [InlineData("http://user:secret@collector:4318/v1", "The user name and password in --otlp-endpoint are not sent")]
    [InlineData("http://collector:4318/@v1", null)]
    public void Of_PasswordInTheAddressOfTheCollector_WarnsWithoutIt(string url, string? expected) =>
        AssertWarning(expected, Read("-b", "a:1", "--otlp-endpoint", url));

    private static void AssertWarning(string? expected, HostOptions options)
    {
        string[] warnings =
        [
            .. StartWarnings.Of(new ConfigurationResult(options, [], [])).Where(
                warning => !warning.Contains("readable", StringComparison.Ordinal)), // the keys of this test are
        ];
        if (expected is null)
            Assert.Empty(warnings);
        else
            Assert.StartsWith(expected, Assert.Single(warnings), StringComparison.Ordinal);
        Assert.All(warnings, warning => Assert.DoesNotContain("secret", warning, StringComparison.Ordinal));
    }

    private static HostOptions Read(params string[] args) => new LbTcpCommand(TextWriter.Null, TextWriter.Null).Read(args);
}
