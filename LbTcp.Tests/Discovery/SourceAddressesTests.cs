using System.Net;
using LbTcp.Backends;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public class SourceAddressesTests
{
    private static readonly EndPoint _inet = IPEndPoint.Parse("192.0.2.1:80");
    private static readonly EndPoint _inet6 = IPEndPoint.Parse("[2001:db8::1]:80");

    private readonly Backend _backend = Pools.Of("192.0.2.1:80").Named("192.0.2.1:80");
    private IPAddress[] _configured = [];

    [Fact]
    public void Next_SeveralOfBothFamilies_AreUsedInTurnForTheirFamily()
    {
        SourceAddresses sources = Configured("10.0.0.1", "fd00::1", "10.0.0.2");

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.1"], Enumerable.Range(0, 3).Select(_ => Next(sources, _backend, _inet, 2)));
        Assert.Equal(["fd00::1", "fd00::1"], Enumerable.Range(0, 2).Select(_ => Next(sources, _backend, _inet6, 1)));
        Assert.Equal("10.0.0.2", Next(sources, _backend, _inet, 2));
    }

    [Fact]
    public void Next_NoneOfTheFamily_IsTheSystemsChoice()
    {
        Assert.Null(Next(Configured("10.0.0.1"), _backend, _inet6, 0));
        Assert.Null(Next(Configured(), _backend, _inet, 0));
        Assert.Null(Next(Configured("10.0.0.1"), _backend, new DnsEndPoint("a", 80), 0));
    }

    [Fact]
    public void Next_BackendHasItsOwn_IsThat()
    {
        Backend backend = Pools.Of("192.0.2.2:80 source_address=10.0.0.9").Named("192.0.2.2:80");
        SourceAddresses sources = Configured("10.0.0.1", "fd00::1");

        Assert.Equal("10.0.0.9", Next(sources, backend, _inet, 1));
        Assert.Null(Next(sources, backend, _inet6, 0));
    }

    [Fact]
    public void Next_ConfigurationChanges_Follows()
    {
        SourceAddresses sources = Configured("10.0.0.1");
        Assert.Equal("10.0.0.1", Next(sources, _backend, _inet, 1));

        _configured = [IPAddress.Parse("10.0.0.2")];

        Assert.Equal("10.0.0.2", Next(sources, _backend, _inet, 1));
    }

    private SourceAddresses Configured(params string[] addresses)
    {
        _configured = Array.ConvertAll(addresses, IPAddress.Parse);
        return new SourceAddresses(() => _configured);
    }

    private static string? Next(SourceAddresses sources, Backend backend, EndPoint endPoint, int count)
    {
        Assert.Equal(count, sources.Next(backend, endPoint, out IPAddress? source));
        return source?.ToString();
    }
}
