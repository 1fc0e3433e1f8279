using System.Net;
using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public sealed class BackendDiscoveryTests : IAsyncLifetime
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(30);

    private readonly DiscoveryFixture _fixture = new();

    private ScriptedDns Dns => _fixture.Dns;

    [Theory]
    [InlineData("web1:80", "web1/10.0.0.7 = 10.0.0.7:80|web1/fd00::7 = [fd00::7]:80")]
    [InlineData("web1:80 name=w", "w/10.0.0.7 = 10.0.0.7:80|w/fd00::7 = [fd00::7]:80")]
    [InlineData("web1:80 resolve=first", "web1:80 = 10.0.0.7:80 [fd00::7]:80")]
    [InlineData("web1:80 resolve=first name=w", "w = 10.0.0.7:80 [fd00::7]:80")]
    [InlineData("localhost:80", "localhost:80 = 127.0.0.1:80 [::1]:80")]
    [InlineData("localhost:80 resolve=all", "localhost/127.0.0.1 = 127.0.0.1:80|localhost/::1 = [::1]:80")]
    [InlineData("10.0.0.7:80 name=w", "w = 10.0.0.7:80")]
    [InlineData("nowhere:80", "nowhere:80 = ")]
    public async Task Apply_OneLine_BecomesItsMembers(string line, string expected)
    {
        Dns.Answer("web1", 60, "10.0.0.7", "fd00::7");

        await _fixture.StartAsync(line);

        Assert.Equal(expected.Split('|'), _fixture.Members);
    }

    [Fact]
    public async Task Apply_TwoLinesOfOneHost_AreNamedWithTheirPorts()
    {
        Dns.Answer("web1", 60, "10.0.0.7");

        await _fixture.StartAsync("web1:80", "web1:81", "web1:82 name=w");

        Assert.Equal(
            ["web1:80/10.0.0.7 = 10.0.0.7:80", "web1:81/10.0.0.7 = 10.0.0.7:81", "w/10.0.0.7 = 10.0.0.7:82"], _fixture.Members);
        Assert.Equal(1, Dns.Asked("web1"));
    }

    [Fact]
    public async Task Apply_OptionsOfALine_AreThoseOfItsMembers()
    {
        Dns.Answer("web1", 60, "10.0.0.7", "10.0.0.8");

        await _fixture.StartAsync("http://web1:80 weight=7 max_connections=3 backup");

        Assert.All(_fixture.Pool.GetAllBackends(), backend =>
        {
            Assert.Equal((7, 3, true, "web1"), (
                backend.Weight, backend.MaxConnections, backend.Options.IsBackup, backend.Options.Resolved?.HostName));
            Assert.Equal($"http://{backend.EndPoints[0]}", backend.Url);
        });
    }

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.2:1", 0)]
    [InlineData("localhost:1", "127.0.0.1:2", 0)]
    [InlineData("localhost:1", "http://127.0.0.1:1", 1)]
    [InlineData("127.0.0.1:1", "localhost:1 weight=2", 1)]
    [InlineData("web1:1", "10.0.0.7:1", 1)]
    [InlineData("10.0.0.7:1", "web1:1", 1)]
    public async Task Apply_NamesAndAddressesOfOneServer_AreUsedOnceWithAWarning(string first, string second, int expected)
    {
        Dns.Answer("web1", 60, "10.0.0.7");

        await _fixture.StartAsync("10.0.0.1:1", first, second);
        await _fixture.PassAsync(_long, "web1", isAskedFor: $"{first} {second}".Contains("web1", StringComparison.Ordinal));

        EndPoint[] used = [.. _fixture.Pool.GetAllBackends().SelectMany(backend => backend.EndPoints)];
        Assert.Equal(used.Distinct(), used);
        Assert.Equal(expected, _fixture.Logs.Count(EventIds.AddressShared));
        string names = $" used_by={first} not_by={second.Split(' ')[0]}".Replace("http://", "", StringComparison.Ordinal);
        Assert.All(
            _fixture.Logs.Of(EventIds.AddressShared), warning => Assert.EndsWith(names, warning.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refresh_AnswerGainsAndLosesAddresses_AddsAndRemovesMembersAndLogsThem()
    {
        Dns.Answer("web1", 60, "10.0.0.7", "10.0.0.8");
        await _fixture.StartAsync("web1:80", "10.0.0.1:80");
        Backend stays = _fixture.Pool.Named("web1/10.0.0.8");
        Assert.Empty(_fixture.Logs.Records);

        Dns.Answer("web1", 60, "10.0.0.9", "10.0.0.8");
        await _fixture.PassAsync(_long, "web1");

        Assert.Same(stays, _fixture.Pool.Named("web1/10.0.0.8"));
        Assert.Equal(["web1/10.0.0.8", "web1/10.0.0.9", "10.0.0.1:80"], _fixture.Pool.GetAllBackends().Names());
        Assert.Equal("discovery added backend=web1/10.0.0.9 address=10.0.0.9:80 weight=1", _fixture.Logs.Message(EventIds.BackendAdded));
        Assert.Equal(
            "discovery removed backend=web1/10.0.0.7 address=10.0.0.7:80 connections=0", _fixture.Logs.Message(EventIds.BackendRemoved));
    }

    [Fact]
    public async Task Refresh_OrderOfTheAnswerChanges_ChangesNothing()
    {
        Dns.Answer("web1", 60, "10.0.0.7", "10.0.0.8");
        await _fixture.StartAsync("web1:80", "web1:81 resolve=first");
        PoolSnapshot before = _fixture.Pool.Snapshot;

        Dns.Answer("web1", 60, "10.0.0.8", "10.0.0.7");
        await _fixture.PassAsync(_long, "web1");

        Assert.Same(before, _fixture.Pool.Snapshot);
        Assert.Empty(_fixture.Logs.Records);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refresh_LookUpFails_KeepsTheMembers(bool isTemporary)
    {
        Dns.Answer("web1", 60, "10.0.0.7");
        await _fixture.StartAsync("web1:80");
        PoolSnapshot before = _fixture.Pool.Snapshot;

        Dns.Answer("web1", isTemporary ? DnsAnswer.Failed("no answer") : new DnsAnswer(DnsOutcome.NotFound));
        await _fixture.PassAsync(_long, "web1");

        Assert.Same(before, _fixture.Pool.Snapshot);
        Assert.Equal(1, _fixture.NameLogs.Count(EventIds.NameFailed));
    }

    [Fact]
    public async Task Refresh_NameIsAnsweredAtLast_IsAvailableFromThenOn()
    {
        await _fixture.StartAsync("web1:80", "web2:80 resolve=first name=w");
        Assert.Equal(2, _fixture.Pool.GetAllBackends().Count);
        Assert.Empty(_fixture.Pool.Snapshot.Available);
        Assert.Empty(_fixture.Pool.Snapshot.AvailableOrAny);
        Backend first = _fixture.Pool.Named("w");

        Dns.Answer("web1", 60, "10.0.0.7");
        Dns.Answer("web2", 60, "10.0.0.8", "10.0.0.9");
        await _fixture.PassAsync(_long, "web1");
        await Until.TrueAsync(
            () =>
            {
                _fixture.Discovery.Refresh();
                return _fixture.Pool.Snapshot.Available.Count == 2;
            },
            "both are available");

        Assert.Equal(["web1/10.0.0.7 = 10.0.0.7:80", "w = 10.0.0.8:80 10.0.0.9:80"], _fixture.Members);
        Assert.Same(first, _fixture.Pool.Named("w"));
        Assert.Equal("discovery changed backend=w address=10.0.0.8:80 10.0.0.9:80", _fixture.Logs.Message(EventIds.AddressesChanged));
    }

    [Fact]
    public async Task Refresh_AnswerIsAnAddressOfThisProcess_IsLeftOutWithOneError()
    {
        _fixture.Own.Replace([IPEndPoint.Parse("127.0.0.1:80")]);
        Dns.Answer("web1", 1, "10.0.0.7", "127.0.0.1");
        await _fixture.StartAsync("web1:80");
        for (int i = 0; i < 3; i++)
            await _fixture.PassAsync(_long, "web1");

        Assert.Equal(["web1/10.0.0.7 = 10.0.0.7:80"], _fixture.Members);
        Assert.Equal(
            "address of a backend is one that lbtcp listens on, not used address=127.0.0.1:80 line=web1:80",
            _fixture.Logs.Message(EventIds.OwnAddressRefused));

        _fixture.Own.Replace([IPEndPoint.Parse("127.0.0.1:81")]);
        _fixture.Discovery.Refresh();
        Assert.Equal(2, _fixture.Members.Length);
    }

    [Fact]
    public async Task Refresh_AddressOfALineMovesToThisHostAndAway_IsLeftOutMeanwhile()
    {
        _fixture.Own.Replace([IPEndPoint.Parse("0.0.0.0:80")]);
        await _fixture.StartAsync("10.0.0.7:80", "10.0.0.8:80");
        _fixture.Discovery.Refresh();

        _ = _fixture.HostAddresses.Add(IPAddress.Parse("10.0.0.7"));
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        _fixture.Discovery.Refresh();
        Assert.Equal(["10.0.0.8:80 = 10.0.0.8:80"], _fixture.Members);
        Assert.Equal(1, _fixture.Logs.Count(EventIds.OwnAddressRefused));

        _fixture.HostAddresses.Clear();
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        _fixture.Discovery.Refresh();
        Assert.Equal(2, _fixture.Members.Length);
    }

    [Fact]
    public async Task Apply_OtherLines_AsksForTheirNamesAndForgetsTheOthers()
    {
        Dns.Answer("web1", 1, "10.0.0.7");
        Dns.Answer("web2", 1, "10.0.0.8");
        await _fixture.StartAsync("web1:80");

        await _fixture.StartAsync("web2:80");
        Assert.Equal(["web2/10.0.0.8 = 10.0.0.8:80"], _fixture.Members);
        await _fixture.PassAsync(_long, "web2");

        Assert.Equal(1, Dns.Asked("web1"));
    }

    [Theory]
    [InlineData("web1:80")]
    [InlineData("web1:80 resolve=first")]
    public async Task Hasten_MemberOfAName_AsksForItSoon(string line)
    {
        Dns.Answer("web1", 30, "10.0.0.7");
        await _fixture.StartAsync(line, "10.0.0.1:80");

        foreach (Backend backend in _fixture.Pool.GetAllBackends())
            _fixture.Discovery.Hasten(backend);

        await _fixture.PassAsync(TimeSpan.FromSeconds(1), "web1");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.EndAsync();
}
