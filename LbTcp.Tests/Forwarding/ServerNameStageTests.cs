using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.Preface;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

public sealed class ServerNameStageTests
{
    private const string A = "10.0.0.1:80";
    private const string B = "10.0.0.2:80";
    private const string Default = "10.0.0.3:80";

    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);
    private static readonly byte[] _plain = [.. "GET / HTTP/1.1\r\n"u8];

    [Theory]
    [InlineData("a.example", A)]
    [InlineData("x.b.example", B)]
    [InlineData("c.example", Default)]
    [InlineData(null, Default)]
    public async Task RunAsync_ClientHello_GoesUntouchedToTheGroupOfItsName(string? name, string expected)
    {
        HandlerFixture fixture = Fixture($"{A} server_name=a.example", $"{B} server_name=*.b.example", Default);
        byte[] hello = ClientHelloBytes.Of(name);

        byte[] received = await RelayAsync(fixture, expected, hello);

        Assert.Equal(hello, received);
        Assert.Equal([expected], fixture.Dials);
        Assert.Equal((ConnectionEndReason.Completed, name), (fixture.Record.Reason, fixture.Record.ServerName));
    }

    [Fact]
    public async Task RunAsync_ByteByByteInRecordsOfOneByte_GoesToTheGroupOfItsName()
    {
        HandlerFixture fixture = Fixture($"{A} server_name=a.example", $"{B} server_name=b.example");
        byte[] hello = ClientHelloBytes.Records(ClientHelloBytes.Message(ClientHelloBytes.Extensions("b.example")), 1);

        byte[] received = await RelayAsync(fixture, B, [.. hello.Select(each => new[] { each })]);

        Assert.Equal(hello, received);
        Assert.Equal([B], fixture.Dials);
    }

    [Fact]
    public async Task RunAsync_OtherProtocol_GoesToTheDefaultGroupAtItsFirstByte()
    {
        HandlerFixture fixture = Fixture($"{A} server_name=a.example", Default);

        Assert.Equal(_plain, await RelayAsync(fixture, Default, [.. _plain.Select(each => new[] { each })]));

        Assert.Equal([Default], fixture.Dials);
        Assert.Null(fixture.Record.ServerName);
    }

    [Theory]
    [InlineData("c.example")]
    [InlineData(null)]
    public async Task RunAsync_NoGroupForTheName_IsReset(string? name)
    {
        HandlerFixture fixture = Fixture($"{A} server_name=a.example", $"{B} server_name=*.b.example");

        await AssertIsResetAsync(fixture, ConnectionEndReason.ServerNameUnknown, ClientHelloBytes.Of(name));

        Assert.Equal(name, fixture.Record.ServerName);
    }

    [Fact]
    public async Task RunAsync_OtherProtocolWithoutADefaultGroup_IsReset() =>
        await AssertIsResetAsync(Fixture($"{A} server_name=a.example"), ConnectionEndReason.ServerNameUnknown, _plain);

    [Fact]
    public async Task RunAsync_MalformedClientHello_IsResetAlthoughThereIsADefaultGroup() => await AssertIsResetAsync(
        Fixture($"{A} server_name=a.example", Default), ConnectionEndReason.ClientTlsFailed, [22, 3, 1, 0, 0]);

    [Fact]
    public async Task RunAsync_ClientFinishesWithinTheClientHello_IsReset()
    {
        HandlerFixture fixture = Fixture($"{A} server_name=a.example", Default);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        await client.Output.WriteAsync(ClientHelloBytes.Of("a.example").AsMemory(0, 20));
        await client.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal(ConnectionEndReason.ClientTlsFailed, fixture.Record.Reason);
        Assert.True(client.IsReset);
    }

    [Fact]
    public async Task RunAsync_NothingInTime_GoesToTheDefaultGroup()
    {
        HandlerFixture fixture = Fixture($"{A} server_name=a.example", Default);
        (_, InMemoryConnection peer) = fixture.Serves(3);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(_timeout - TimeSpan.FromMilliseconds(1));
        Assert.Empty(fixture.Dials);
        fixture.Pass(TimeSpan.FromMilliseconds(1));
        await Until.TrueAsync(() => fixture.Dials.Count == 1, "the backend is dialled");
        await peer.Output.WriteAsync("banner"u8.ToArray());
        Assert.Equal("banner"u8.ToArray(), (await client.Input.ReadAsync().AsTask().Done()).Buffer.FirstSpan.ToArray());
        await client.Output.CompleteAsync();
        await peer.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal([Default], fixture.Dials);
        Assert.Equal(ConnectionEndReason.Completed, fixture.Record.Reason);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(20, false)]
    [InlineData(20, true)]
    public async Task RunAsync_IncompleteInTime_IsReset(int sent, bool hasDefault)
    {
        HandlerFixture fixture = Fixture([$"{A} server_name=a.example", .. hasDefault ? [Default] : Array.Empty<string>()]);
        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.WriteAsync(ClientHelloBytes.Of("a.example").AsMemory(0, sent));

        fixture.Pass(_timeout);
        await handling.Done();

        Assert.Equal(ConnectionEndReason.PrefaceTimeout, fixture.Record.Reason);
        Assert.True(client.IsReset);
        Assert.Empty(fixture.Dials);
    }

    [Theory]
    [InlineData(WhenAllDown.Reset, true)]
    [InlineData(WhenAllDown.Close, false)]
    internal async Task RunAsync_GroupIsDown_GetsWhatIsConfiguredAndNoOtherGroup(WhenAllDown whenAllDown, bool isReset)
    {
        HandlerFixture fixture = Fixture(
            new ForwardingOptions { WhenAllDown = whenAllDown },
            $"{A} server_name=a.example",
            $"{B} server_name=b.example backup",
            Default);
        Assert.True(fixture.Pool.MarkUnhealthy(A));
        (InMemoryConnection client, Task handling) = fixture.Connect();

        await client.Output.WriteAsync(ClientHelloBytes.Of("a.example"));
        if (!isReset)
            await client.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal(ConnectionEndReason.NoBackendAvailable, fixture.Record.Reason);
        Assert.Equal(isReset, client.IsReset);
        Assert.Empty(fixture.Dials);
    }

    [Fact]
    public async Task RunAsync_GroupIsDownAndAnyIsTried_TriesItsOwn()
    {
        HandlerFixture fixture = Fixture(
            new ForwardingOptions { WhenAllDown = WhenAllDown.TryAny },
            $"{A} server_name=a.example",
            $"{B} server_name=b.example",
            Default);
        Assert.True(fixture.Pool.MarkUnhealthy(B));

        _ = await RelayAsync(fixture, B, ClientHelloBytes.Of("b.example"));

        Assert.Equal([B], fixture.Dials);
    }

    private static HandlerFixture Fixture(params string[] backends) => Fixture(new ForwardingOptions(), backends);

    private static HandlerFixture Fixture(ForwardingOptions options, params string[] backends)
    {
        var fixture = new HandlerFixture(options, backends: backends);
        var routes = new BackendRoutes(fixture.Pool, Algorithm.First, TimeSpan.Zero, new(options), fixture.Clock);
        fixture.Stages.Replace(new ConnectionStages(ServerName: new ServerNameStage(routes, _timeout)));
        return fixture;
    }

    // A client sends segments and finishes; returns what its backend gets.
    private static async Task<byte[]> RelayAsync(HandlerFixture fixture, string backend, params byte[][] segments)
    {
        (_, InMemoryConnection peer) = fixture.Serves(backend[^4] - '0');
        (InMemoryConnection client, Task handling) = fixture.Connect();
        foreach (byte[] segment in segments)
            await client.Output.WriteAsync(segment);
        await client.Output.CompleteAsync();
        var received = new MemoryStream();
        await peer.Input.AsStream().CopyToAsync(received).Done();
        await peer.Output.CompleteAsync();
        await handling.Done();
        return received.ToArray();
    }

    private static async Task AssertIsResetAsync(HandlerFixture fixture, ConnectionEndReason reason, byte[] bytes)
    {
        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.WriteAsync(bytes);
        await handling.Done();

        Assert.Equal(reason, fixture.Record.Reason);
        Assert.True(client.IsReset);
        Assert.Empty(fixture.Dials);
    }
}
