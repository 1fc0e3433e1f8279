using System.Net;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>How clients are spread over three redis servers: the table of <c>docs/balancing.md</c>, with fewer clients.</summary>
public sealed class SplitTests : RealProgramScenario
{
    private static readonly IPAddress _localhost = IPAddress.Loopback;

    [SkippableTheory]
    [InlineData("roundrobin", "weight=1 weight=1 weight=1", 20, 20, 20)]
    [InlineData("roundrobin", "weight=3 weight=2 weight=1", 30, 20, 10)]
    [InlineData("roundrobin", "weight=5 weight=1 weight=0", 50, 10, 0)]
    [InlineData("leastconn", "weight=1 weight=1 weight=1", 20, 20, 20)]
    [InlineData("leastconn", "weight=3 weight=2 weight=1", 30, 20, 10)]
    [InlineData("first", "max_connections=25 max_connections=25 max_connections=25", 25, 25, 10)]
    public async Task Clients_OfADeterministicAlgorithm_AreSplitExactly(string algorithm, string options, params int[] expected)
    {
        LbTcpProcess lbtcp = await StartAsync(algorithm, options.Split(' '));

        Assert.Equal(expected, await SplitAsync(lbtcp, Enumerable.Repeat(_localhost, 60)));
    }

    // Who has too many loses every comparison, so the split stays close to the weights, closer than independent draws would.
    [SkippableTheory]
    [InlineData("weight=1 weight=1 weight=1", 40, 40, 40)]
    [InlineData("weight=3 weight=2 weight=1", 60, 40, 20)]
    public async Task Clients_OfRandom_AreSplitAboutByTheWeights(string options, params int[] expected)
    {
        LbTcpProcess lbtcp = await StartAsync("random", options.Split(' '));

        int[] split = await SplitAsync(lbtcp, Enumerable.Repeat(_localhost, 120));

        Assert.All(split.Zip(expected), pair => Assert.InRange(pair.First, pair.Second - 12, pair.Second + 12));
    }

    [SkippableFact]
    public async Task Clients_OfOneAddress_AllGetOneServer()
    {
        LbTcpProcess lbtcp = await StartAsync("source", ["weight=1", "weight=1", "weight=1"]);

        int[] split = await SplitAsync(lbtcp, Enumerable.Repeat(_localhost, 30));

        Assert.Equal([0, 0, 30], split.Order());
    }

    [SkippableFact]
    public async Task Clients_OfManyAddresses_AreSpreadOverAllServers()
    {
        LbTcpProcess lbtcp = await StartAsync("source", ["weight=1", "weight=1", "weight=1"]);

        int[] split = await SplitAsync(lbtcp, Enumerable.Range(1, 90).Select(i => new IPAddress([127, 0, 1, (byte)i])));

        Assert.All(split, clients => Assert.InRange(clients, 5, 75)); // 30 each; the hash of the servers' ports makes it more or less
    }

    private async Task<LbTcpProcess> StartAsync(string algorithm, string[] options)
    {
        RealProgram.Require("redis-server");
        RealServer[] servers = await StartServersAsync(options.Length, RealServer.Redis);
        IEnumerable<string> backends = servers.Select((server, i) => $"{server.EndPoint},name=redis{i},{options[i]}");
        return await StartAsync([], ["--algorithm", algorithm, "--hedge-after", "0", "--backends", .. backends]);
    }

    /// <summary>Clients that come one after the other and stay until the last is there.</summary>
    /// <returns>How many each server had.</returns>
    private async Task<int[]> SplitAsync(LbTcpProcess lbtcp, IEnumerable<IPAddress> addresses)
    {
        var clients = new List<TestConnection>();
        foreach (IPAddress address in addresses)
        {
            TestConnection client = Own(await TestConnection.ConnectAsync(lbtcp.EndPoint, from: address));
            await client.SendAsync("PING\r\n");
            Assert.Equal("+PONG\r\n", await client.ReceiveTextAsync(7));
            clients.Add(client);
        }

        foreach (TestConnection client in clients)
            client.Close();
        IReadOnlyList<JsonLogRecord> ends = await lbtcp.EndRecordsAsync(clients.Count);
        return [.. Enumerable.Range(0, 3).Select(i => ends.Count(end => end["backend"] == $"redis{i}"))];
    }
}
