using LbTcp.Configuration;
using LbTcp.Hosting;
using LbTcp.Tests.Connections.Linux;

namespace LbTcp.Tests.Hosting;

/// <summary>The descriptors of the test process are the ones that count: other tests, which open some, must not run beside these.</summary>
[Collection(DescriptorNumbers.Name)]
public sealed class ConnectionLimitOfProcessTests
{
    [Fact]
    public void For_Requested_IsTheRequestedNumber() =>
        Assert.Equal("--max-connections", ConnectionLimit.For(Options(TransportKind.Sockets, 1) with { MaxConnections = 1 }).Origin);

    [Fact]
    public void For_OptionsOfThisProcess_CountsBackendsAndThePipesOfTheTransport()
    {
        int auto = ConnectionLimit.For(Options(TransportKind.Auto, 1)).Value;
        int manyBackends = ConnectionLimit.For(Options(TransportKind.Sockets, 50)).Value;
        int sockets = ConnectionLimit.For(Options(TransportKind.Sockets, 1)).Value; // the last one: what tests have left may be closed

        Assert.InRange(auto, 1, sockets);
        Assert.InRange(manyBackends, 1, sockets - 20);
    }

    private static HostOptions Options(TransportKind transport, int backends)
    {
        Assert.True(BackendLine.TryParseLine("a:1", out BackendOptions? backend, out _));
        var service = new ServiceOptions { Backends = [.. Enumerable.Repeat(backend, backends)] };
        return new HostOptions { Services = [service], TransportKind = transport };
    }
}
