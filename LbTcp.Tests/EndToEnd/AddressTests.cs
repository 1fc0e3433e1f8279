using System.Net;
using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Address families and names on either side.</summary>
public sealed class AddressTests : EndToEndScenario
{
    [SkippableTheory, MemberData(nameof(TransportsAndFamilies))]
    public async Task Families_OfClientAndBackendDiffer_AreRelayedAndLoggedPlainly(
        string transport, (string Listen, string Client, string Backend) row)
    {
        Skip.IfNot(Socket.OSSupportsIPv6, "skipped: no IPv6");
        TestBackend backend = Backend(Behaviours.EchoAsync, IPAddress.Parse(row.Backend));
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--listen", row.Listen);
        using TestConnection client = await TestConnection.ConnectAsync(new IPEndPoint(IPAddress.Parse(row.Client), lbtcp.EndPoint.Port));

        await client.SendAsync("ping");
        client.FinishSending();

        Assert.Equal("ping", await client.ReceiveTextToEndAsync());
        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(client.LocalEndPoint.ToString(), end["client"]); // never ::ffff:127.0.0.1
        Assert.Equal(backend.EndPoint.ToString(), end["address"]);
        Assert.Equal("completed", end["reason"]);
    }

    public static TheoryData<string, (string Listen, string Client, string Backend)> TransportsAndFamilies() => TransportNames.With(
        ("[::1]:0", "::1", "127.0.0.1"),
        ("127.0.0.1:0", "127.0.0.1", "::1"),
        ("[::]:0", "127.0.0.1", "127.0.0.1"),
        ("[::]:0", "::1", "127.0.0.1"));

    [Fact]
    public async Task Name_OneOfItsAddressesIsDead_IsServed()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync([], "--backends", $"localhost:{backend.EndPoint.Port}");

        await AssertIsEchoedAsync(lbtcp);

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(($"localhost:{backend.EndPoint.Port}", backend.EndPoint.ToString()), (end["backend"], end["address"]));
    }

    [Fact]
    public async Task Name_CannotBeResolved_IsWarnedAboutAndTheOthersServe()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync([], "--backends", "nowhere.invalid:80", $"{backend.EndPoint}");

        await AssertIsEchoedAsync(lbtcp);

        JsonLogRecord warning = Assert.Single(lbtcp.Records(EventIds.NameFailed));
        Assert.Equal("warn", warning.Level);
        Assert.Equal("nowhere.invalid", warning["name"]);
    }
}
