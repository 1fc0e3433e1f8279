using System.Net;
using LbTcp.Backends;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public class DialSourcesTests
{
    private static readonly EndPoint _inet = IPEndPoint.Parse("192.0.2.1:80");
    private static readonly EndPoint _inet6 = IPEndPoint.Parse("[2001:db8::1]:80");

    private readonly Backend _backend = Pools.Of("192.0.2.1:80").Named("192.0.2.1:80");
    private IPAddress[] _configured = [];

    [Fact]
    public void For_SeveralOfBothFamilies_AreUsedInTurnForTheirFamily()
    {
        DialSources sources = Configured("10.0.0.1", "fd00::1", "10.0.0.2");

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.1"], Enumerable.Range(0, 3).Select(_ => Next(sources, _backend, _inet, 2)));
        Assert.Equal(["fd00::1", "fd00::1"], Enumerable.Range(0, 2).Select(_ => Next(sources, _backend, _inet6, 1)));
        Assert.Equal("10.0.0.2", Next(sources, _backend, _inet, 2));
    }

    [Fact]
    public void For_BackendsAreDialledInTurn_EachIsDialledFromEveryAddress()
    {
        BackendPool pool = Pools.Of("192.0.2.1:80", "192.0.2.2:80");
        DialSources sources = Configured("10.0.0.1", "10.0.0.2");

        var used = Enumerable.Range(0, 4)
            .Select(i => pool.GetAllBackends()[i % 2])
            .Select(backend => (backend.Name, Next(sources, backend, _inet, 2)));

        Assert.Equal(4, used.Distinct().Count());
    }

    [Fact]
    public void For_BackendWasDialledBefore_AllocatesNothing()
    {
        DialSources sources = Configured("10.0.0.1", "10.0.0.2");
        _ = sources.For(_backend, _inet, out _);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            _ = sources.For(_backend, _inet, out _);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void For_NoneOfTheFamily_IsTheSystemsChoice()
    {
        Assert.Null(Next(Configured("10.0.0.1"), _backend, _inet6, 0));
        Assert.Null(Next(Configured(), _backend, _inet, 0));
        Assert.Null(Next(Configured("10.0.0.1"), _backend, new DnsEndPoint("a", 80), 0));
    }

    [Fact]
    public void For_BackendHasItsOwn_IsThat()
    {
        Backend backend = Pools.Of("192.0.2.2:80 source_address=10.0.0.9").Named("192.0.2.2:80");
        DialSources sources = Configured("10.0.0.1", "fd00::1");

        Assert.Equal("10.0.0.9", Next(sources, backend, _inet, 1));
        Assert.Null(Next(sources, backend, _inet6, 0));
    }

    [Fact]
    public void For_ConfigurationChanges_Follows()
    {
        DialSources sources = Configured("10.0.0.1");
        Assert.Equal("10.0.0.1", Next(sources, _backend, _inet, 1));

        _configured = [IPAddress.Parse("10.0.0.2")];

        Assert.Equal("10.0.0.2", Next(sources, _backend, _inet, 1));
    }

    private DialSources Configured(params string[] addresses)
    {
        _configured = Array.ConvertAll(addresses, IPAddress.Parse);
        return new DialSources(() => _configured);
    }

    private static string? Next(DialSources sources, Backend backend, EndPoint endPoint, int count)
    {
        IPAddress[] addresses = sources.For(backend, endPoint, out uint turn);
        Assert.Equal(count, addresses.Length);
        return count == 0 ? null : addresses[turn % (uint)count].ToString();
    }
}
