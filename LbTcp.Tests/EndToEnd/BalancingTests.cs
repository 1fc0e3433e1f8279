using System.Text;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Which backend a client gets.</summary>
public sealed class BalancingTests : EndToEndScenario
{
    [Theory, ClassData(typeof(TransportNames))]
    public async Task RoundRobin_ThirtyClients_AreSpreadInOrder(string transport)
    {
        TestBackend[] backends = [Backend(Behaviours.Banner("a")), Backend(Behaviours.Banner("b")), Backend(Behaviours.Banner("c"))];
        LbTcpProcess lbtcp = await StartAsync(backends.Select(backend => backend.EndPoint), "--transport", transport);

        var order = new StringBuilder();
        for (int i = 0; i < 30; i++)
            order.Append(await (await ConnectAsync(lbtcp)).ReceiveTextAsync(1));

        Assert.Contains(order.ToString(), string.Concat(Enumerable.Repeat("abc", 11)), StringComparison.Ordinal);
    }
}
