using System.Net;
using LbTcp.Cli;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace LbTcp.Tests.Hosting;

public class ResolutionTests
{
    [Fact]
    public async Task ResolveAsync_AddressesAndNames_AreAllKnownAfterwards()
    {
        Resolution resolution = await ResolveAsync("-l", "8080", "-l", "localhost:8081", "-b", "localhost:1", "127.0.0.1:2");
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 8080), resolution.Listen[0]);
        Assert.Contains(new IPEndPoint(IPAddress.Loopback, 8081), resolution.Listen);
        Assert.All(resolution.Pool.GetAllBackends(), backend => Assert.NotEmpty(backend.EndPoints));
        Assert.Empty(resolution.Unresolved);
    }

    [Fact]
    public async Task ResolveAsync_BackendThatDoesNotResolve_IsReportedAndStaysInThePool()
    {
        Resolution resolution = await ResolveAsync("-b", "no-such-host.invalid:1", "127.0.0.1:2");
        Assert.StartsWith("The name of the backend no-such-host.invalid:1 cannot be resolved now: ", Assert.Single(resolution.Unresolved),
            StringComparison.Ordinal);
        Assert.Equal(2, resolution.Pool.GetAllBackends().Count);
    }

    [Fact]
    public async Task ResolveAsync_ListenNameThatDoesNotResolve_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<StartException>(() => ResolveAsync("-l", "no-such-host.invalid:1", "-b", "127.0.0.1:2"));
        Assert.True(exception.IsConfigurationError);
        Assert.StartsWith("--listen: no-such-host.invalid cannot be resolved: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("127.0.0.1:8080", "localhost:8080")]
    [InlineData("localhost:8080", "127.0.0.1:8080")]
    [InlineData("8080", "127.0.0.1:8080")]
    [InlineData("8080", "http://0.0.0.0:8080")]
    [InlineData("0.0.0.0:8080", "localhost:8080")]
    [InlineData("[::1]:8080", "[::]:8080")]
    [InlineData("unix:/run/a,mode=660", "unix:/run/a")]
    public async Task ResolveAsync_BackendThatIsTheProgramItself_IsRefused(string listen, string backend)
    {
        var exception = await Assert.ThrowsAsync<StartException>(() => ResolveAsync("-l", listen, "-b", "127.0.0.1:2", backend));
        Assert.True(exception.IsConfigurationError);
        Assert.Contains(" is an address that lbtcp itself listens on", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:2", "203.0.113.77")] // RFC 5737: nobody's
    [InlineData("127.0.0.1:2,source_address=203.0.113.77", "127.0.0.1")]
    public async Task ResolveAsync_SourceAddressOfAnotherHost_IsRefused(string backend, string source)
    {
        var exception = await Assert.ThrowsAsync<StartException>(() => ResolveAsync("-b", backend, "--source-address", source));
        Assert.True(exception.IsConfigurationError);
        Assert.Equal("The source address 203.0.113.77 is not an address of this machine.", exception.Message);
    }

    private static async Task<Resolution> ResolveAsync(params string[] args)
    {
        HostOptions options = new LbTcpCommand(TextWriter.Null, TextWriter.Null).Read(args);
        await using var environment = DiscoveryEnvironment.Create(
            options.Discovery, NullLoggerFactory.Instance, new ServiceLoggers(NullLoggerFactory.Instance));
        return Assert.Single(await Resolution.ResolveAllAsync(options.Services, environment));
    }
}
