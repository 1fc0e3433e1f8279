using System.Net;
using CsCheck;
using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Admission;

public sealed class AccessTableTests
{
    // Few bits differ, so that networks nest, touch and repeat, and addresses meet their bounds.
    private static readonly Gen<Network> _networks = Gen.OneOf(
        Gen.Select(Gen.Int[0, 15], Gen.Int[0, 15], Gen.Int[0, 32], (high, low, length) =>
            Truncated(IPv4(high, low), length)),
        Gen.Select(Gen.Int[0, 15], Gen.Int[0, 15], Gen.Int[0, 128], (high, low, length) =>
            Truncated(IPv6(high, low), length)),
        Gen.Frequency((8, Gen.Const(Access.Network("10.0.0.0/8"))), (1, Gen.Const(Network.All)), (1, Gen.Const(Network.Unix))));

    private static readonly Gen<IPAddress?> _clients = Gen.OneOf<IPAddress?>(
        Gen.Select(Gen.Int[0, 15], Gen.Int[0, 15], (high, low) => (IPAddress?)IPv4(high, low)),
        Gen.Select(Gen.Int[0, 15], Gen.Int[0, 15], (high, low) => (IPAddress?)IPv4(high, low).MapToIPv6()),
        Gen.Select(Gen.Int[0, 15], Gen.Int[0, 15], (high, low) => (IPAddress?)IPv6(high, low)),
        Gen.Int[0, 3].Select(i => new[] { null, IPAddress.Any, IPAddress.Broadcast, IPAddress.IPv6Any }[i]));

    [Fact]
    public void Find_AnyRulesAndClients_IsTheFirstRuleThatMatches() =>
        Gen.Select(_networks.Array[0, 40], _clients.Array[20]).Sample(
            (networks, clients) =>
            {
                AccessRule[] rules = [.. networks.Select((network, i) => new AccessRule(i % 2 == 0, network, i + 1))];
                var table = new AccessTable(rules);
                Assert.All(clients, client => Assert.Equal(Array.FindIndex(networks, network => network.Contains(client)), table.Find(client)));
            },
            iter: 3_000);

    [Fact]
    public void FindIneffective_AnyRules_AreThoseThatDecideAboutNoClient() =>
        Gen.Select(_networks.Array[0, 20], _clients.Array[200]).Sample(
            (networks, clients) =>
            {
                var table = new AccessTable([.. networks.Select((network, i) => new AccessRule(true, network, i + 1))]);
                HashSet<int> ineffective = [.. table.FindIneffective().Select(found => found.Rule.Line - 1)];
                Assert.All(clients, client => Assert.DoesNotContain(table.Find(client), ineffective));
                Assert.All(ineffective, index => Assert.Contains(networks[..index], earlier => Overlaps(earlier, networks[index])));
            },
            iter: 1_000);

    [Theory]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("255.255.255.255", "255.255.255.255", true)]
    [InlineData("255.255.255.254/31", "255.255.255.253", false)]
    [InlineData("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("fe80::/10", "fe80::1%7", true)]
    [InlineData("10.0.0.0/8", "::10.1.2.3", false)]
    public void Find_Bounds_BelongToTheNetwork(string network, string client, bool matches) =>
        Assert.Equal(matches ? 0 : -1, new AccessTable([new AccessRule(true, Access.Network(network))]).Find(IPAddress.Parse(client)));

    private static bool Overlaps(Network one, Network other) =>
        one.Range is not { } first || other.Range is not { } second
        || first.Contains(second.BaseAddress) || second.Contains(first.BaseAddress);

    private static IPAddress IPv4(int high, int low) => new([10, (byte)(high << 4), 0, (byte)low]);

    private static IPAddress IPv6(int high, int low) => new([0x20, (byte)high, .. new byte[13], (byte)low]);

    private static Network Truncated(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return Access.Network($"{new IPAddress(bytes)}/{length}");
    }
}
