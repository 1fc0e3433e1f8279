using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;

namespace LbTcp.Tests.Balancing;

public sealed class SourcePolicyTests(ITestOutputHelper output)
{
    private static readonly IPAddress[] _clients =
        [.. Enumerable.Range(0, 100_000).Select(i => new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]))];

    [Fact]
    public void Pick_OtherOrderOfTheSameBackends_MapsEveryClientAlike()
    {
        string[] lines = [.. Enumerable.Range(0, 20).Select(i => $"web{i}:80 weight={i + 1}")];
        BalancedPool pool = Pools.Of(lines).BalancedBy(new SourcePolicy());
        BalancedPool reversed = Pools.Of(lines.Reverse()).BalancedBy(new SourcePolicy());

        Assert.All(_clients[..2_000], client => Assert.Equal(pool.PickFor(client)?.Name, reversed.PickFor(client)?.Name));
    }

    // A client that is mapped today must be mapped alike by the next version, or by an older one beside it.
    [Theory]
    [InlineData("192.0.2.1", "web2:80")]
    [InlineData("192.0.2.2", "web1:80")]
    [InlineData("198.51.100.7", "web3:80")]
    [InlineData("2001:db8::1", "web2:80")]
    public void Pick_KnownClient_IsMappedAsInAllVersions(string client, string expected) => Assert.Equal(
        expected, Pools.Of("web1:80", "web2:80", "web3:80").BalancedBy(new SourcePolicy()).PickFor(IPAddress.Parse(client))?.Name);

    [Fact]
    public void Pick_IPv4InIPv6Notation_IsTheSameClient()
    {
        BalancedPool pool = Pools.OfSize(50).BalancedBy(new SourcePolicy());

        Assert.All(_clients[..100], client => Assert.Same(pool.PickFor(client), pool.PickFor(client.MapToIPv6())));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void Pick_ManyClients_AreSpreadByTheWeights(int count)
    {
        BalancedPool pool = Pools.OfSize(count, i => $"weight={(i % 3) + 1}").BalancedBy(new SourcePolicy());
        int total = pool.GetAllBackends().Sum(backend => backend.Options.Weight);

        Assert.All(Map(pool).GroupBy(backend => backend), clients =>
        {
            double expected = (double)_clients.Length * clients.Key.Options.Weight / total;
            Assert.InRange(clients.Count(), expected * 0.8, expected * 1.2);
        });
    }

    // The least that can move is the share of the one that leaves.
    [Theory]
    [InlineData(10, 0.03)]
    [InlineData(100, 0.03)]
    public void Pick_OneBackendIsRemoved_FewOtherClientsMove(int count, double most)
    {
        BalancedPool pool = Pools.OfSize(count).BalancedBy(new SourcePolicy());
        string[] before = Names(pool);
        string removed = pool.GetAllBackends()[count / 2].Name;
        string[] after = Names(
            Pools.Of(pool.GetAllBackends().Select(backend => backend.Name).Where(name => name != removed)).BalancedBy(new SourcePolicy()));

        int own = before.Count(name => name == removed);
        int others = before.Zip(after).Count(pair => pair.First != removed && pair.First != pair.Second);
        double percent = 100.0 / _clients.Length;
        output.WriteLine($"1 of {count} is removed: its own {own * percent:0.00} %, further {others * percent:0.00} % of the clients move");
        Assert.InRange((double)others / _clients.Length, 0, most);
    }

    [Fact]
    public void Pick_BackendsAreDown_OnlyTheirClientsMove()
    {
        BalancedPool pool = Pools.OfSize(10).BalancedBy(new SourcePolicy());
        Backend[] before = Map(pool);
        Down(pool, pool.GetAllBackends().Take(3));

        Assert.All(before.Zip(Map(pool)), pair => Assert.True(pair.First == pair.Second || !pair.First.IsHealthy));
    }

    [Fact]
    public void Pick_BackendsAreDown_TheirClientsAreSpreadByTheWeights()
    {
        BalancedPool pool = Pools.OfSize(40, i => $"weight={(i % 4) + 1}").BalancedBy(new SourcePolicy());
        Down(pool, pool.GetAllBackends().Where((_, i) => i % 8 < 4));

        Assert.All(Map(pool).GroupBy(backend => backend), clients =>
        {
            double expected = (double)_clients.Length * clients.Key.Options.Weight / 50;
            Assert.InRange(clients.Count(), expected * 0.85, expected * 1.15);
        });
    }

    [Fact]
    public void Pick_OtherOrderAndOtherHistory_MapsEveryClientAlike()
    {
        string[] lines = [.. Enumerable.Range(0, 20).Select(i => $"web{i}:80 weight={i + 1} {(i < 5 ? "backup" : "")}")];
        BalancedPool pool = Pools.Of(lines).BalancedBy(new SourcePolicy());
        BalancedPool other = Pools.Of(lines.Reverse()).BalancedBy(new SourcePolicy());
        Down(pool, pool.GetAllBackends().Where(backend => backend.Name is "web7:80"));
        Down(other, other.GetAllBackends().Where(backend => !backend.Options.IsBackup));
        foreach (Backend backend in pool.GetHealthyBackends())
            other.MarkHealthy(backend.Url);

        Assert.All(_clients[..2_000], client => Assert.Equal(pool.PickFor(client)?.Name, other.PickFor(client)?.Name));
    }

    [Fact]
    public void Pick_AlmostAllAreDown_TheOthersHaveTheClients()
    {
        BalancedPool pool = Pools.OfSize(2_000).BalancedBy(new SourcePolicy());
        Down(pool, pool.GetAllBackends().Skip(2));

        Assert.All(
            Map(pool).CountBy(backend => backend), clients => Assert.InRange(clients.Value, _clients.Length * 0.4, _clients.Length * 0.6));
    }

    [Fact]
    public void Pick_WeightChangesInSlowStart_ClientsComeStepByStep()
    {
        var clock = new FakeTimeProvider();
        var pool = new BalancedPool(Pools.OfSize(10), new SourcePolicy(), TimeSpan.FromSeconds(9), clock);
        Backend back = pool.GetAllBackends()[3];
        Down(pool, [back]);
        pool.MarkHealthy(back.Url);
        int atFirst = Map(pool).Count(backend => backend == back);
        clock.Advance(TimeSpan.FromSeconds(9));
        pool.Balancer.Advance();

        Assert.InRange(atFirst, _clients.Length * 0.005, _clients.Length * 0.02);
        Assert.InRange(Map(pool).Count(backend => backend == back), _clients.Length * 0.09, _clients.Length * 0.11);
    }

    [Fact]
    public void Pick_BackendComesBack_EveryClientIsWhereItWas()
    {
        BalancedPool pool = Pools.OfSize(10).BalancedBy(new SourcePolicy());
        Backend[] before = Map(pool);
        Down(pool, [pool.GetAllBackends()[3]]);
        pool.MarkHealthy(pool.GetAllBackends()[3].Url);

        Assert.Equal(before, Map(pool));
    }

    [Fact]
    public void Pick_BackendIsTried_ItsClientsAreSpreadOverTheOthers()
    {
        BalancedPool pool = Pools.OfSize(10).BalancedBy(new SourcePolicy());
        Backend tried = pool.GetAllBackends()[0];

        IEnumerable<Backend?> second = _clients.Where(client => pool.PickFor(client) == tried)
            .Select(client => pool.Current.Plan.Pick(new PickRequest(client, [tried])));

        Assert.Equal(9, second.Distinct().Count());
    }

    private static void Down(BalancedPool pool, IEnumerable<Backend> backends)
    {
        foreach (Backend backend in backends.ToArray())
            Assert.True(pool.MarkUnhealthy(backend.Url));
    }

    private static string[] Names(BalancedPool pool) => Array.ConvertAll(Map(pool), backend => backend.Name);

    private static Backend[] Map(BalancedPool pool) => Array.ConvertAll(_clients, client => pool.PickFor(client)!);
}
