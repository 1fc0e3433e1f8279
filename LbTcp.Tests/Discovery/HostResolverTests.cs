using System.Net;
using System.Net.Sockets;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Discovery;

public sealed class HostResolverTests
{
    private readonly ScriptedDns _dns = new();
    private HostsFile _hosts = HostsFile.Parse("");
    private readonly FakeTimeProvider _time = new();
    private ResolverSettings _settings = new();

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("localhost", "127.0.0.1 ::1")]
    [InlineData("web1.localhost", "127.0.0.1 ::1")]
    public async Task ResolveAsync_AddressOrLocalhost_IsKnownWithoutAQuery(string name, string expected)
    {
        Assert.Equal(expected, Text(await ResolveAsync(name)));
        Assert.Empty(_dns.Queries);
    }

    [Theory]
    [InlineData("no-such-host.invalid")]
    [InlineData("no-such-host")]
    public async Task ResolveAsync_NameThatDoesNotExist_SaysSo(string name)
    {
        NameAnswer answer = await ResolveAsync(name);

        Assert.Equal(("name not found", false), (answer.Failure, answer.IsTemporary));
        Assert.Empty(answer.Addresses);
    }

    [Fact]
    public async Task ResolveAsync_NameInHostsFile_IsNotAskedFor()
    {
        _hosts = HostsFile.Parse("10.0.0.1 web1 web1.lan # first\n# 10.0.0.9 web1\nfd00::1\tWEB1\nnonsense web1\n");

        Assert.Equal("10.0.0.1 fd00::1", Text(await ResolveAsync("web1")));
        Assert.Equal("10.0.0.1", Text(await ResolveAsync("web1.lan.")));
        Assert.Empty(_dns.Queries);
    }

    [Fact]
    public async Task ResolveAsync_BothFamilies_AreSortedEachOnceWithTheShorterLife()
    {
        _dns.Answer("web1", 60, "fd00::2", "10.0.0.10", "10.0.0.9", "fd00::1", "10.0.0.9");
        _dns.Answer("web1", DnsRecordKind.Aaaa, new DnsAnswer(DnsOutcome.Found)
        {
            Addresses = [IPAddress.Parse("fd00::2"), IPAddress.Parse("fd00::1")],
            TimeToLive = TimeSpan.FromSeconds(7),
        });

        NameAnswer answer = await ResolveAsync("web1");

        Assert.Equal("10.0.0.9 10.0.0.10 fd00::1 fd00::2", Text(answer));
        Assert.Equal(TimeSpan.FromSeconds(7), answer.TimeToLive);
    }

    [Fact]
    public async Task ResolveAsync_SystemWithoutIPv6_NeitherAsksForItNorUsesIt()
    {
        _dns.Answer("web1", 60, "fd00::2", "10.0.0.10");
        _hosts = HostsFile.Parse("fd00::1 web2");

        Assert.Equal("10.0.0.10", Text(await ResolveAsync("web1", hasIPv6: false)));
        Assert.Equal(["A web1"], _dns.Queries);
        Assert.Equal("the name has no IPv4 address", (await ResolveAsync("web2", hasIPv6: false)).Failure);
        Assert.Equal("127.0.0.1", Text(await ResolveAsync("localhost", hasIPv6: false)));
    }

    [Fact]
    public async Task ResolveAsync_OneFamilyFails_IsAnAnswerThatSaysWhichIsMissing()
    {
        _dns.Answer("web1", 60, "10.0.0.1", "fd00::1");
        NameAnswer before = await ResolveAsync("web1");
        _dns.Answer("web1", 60, "10.0.0.2");
        _dns.Answer("web1", DnsRecordKind.Aaaa, DnsAnswer.Failed("SERVFAIL"));

        NameAnswer answer = await ResolveAsync("web1");

        Assert.Equal((null, AddressFamily.InterNetworkV6), (answer.Failure, answer.Missing));
        Assert.Equal("10.0.0.2", Text(answer.CompletedBy(null)));
        Assert.Equal("10.0.0.2 fd00::1", Text(answer.CompletedBy(before)));
    }

    [Fact]
    public async Task ResolveAsync_NoRecordsOfEitherFamily_IsAFailure()
    {
        _dns.Answer("web1", new DnsAnswer(DnsOutcome.NoData));

        NameAnswer answer = await ResolveAsync("web1");

        Assert.Equal(("the name has no address", false), (answer.Failure, answer.IsTemporary));
    }

    [Theory]
    [InlineData("web1", 1, "A web1.a.lan, A web1.b.lan, A web1")]
    [InlineData("web1.ns", 1, "A web1.ns, A web1.ns.a.lan, A web1.ns.b.lan")]
    [InlineData("web1.ns", 5, "A web1.ns.a.lan, A web1.ns.b.lan, A web1.ns")]
    [InlineData("web1.", 5, "A web1")]
    public async Task ResolveAsync_SearchList_IsTriedAsDotsSay(string name, int dots, string expected)
    {
        _settings = ResolverSettings.Parse($"search a.lan b.lan\noptions ndots:{dots}");

        _ = await ResolveAsync(name, hasIPv6: false);

        Assert.Equal(expected, string.Join(", ", _dns.Queries));
    }

    [Fact]
    public async Task ResolveAsync_ServerFailsForACandidate_TriesTheNext()
    {
        _settings = ResolverSettings.Parse("search a.lan b.lan");
        _dns.Answer("web1.a.lan", DnsAnswer.Failed("SERVFAIL"));
        NameAnswer failure = await ResolveAsync("web1");
        Assert.Equal(("SERVFAIL", true), (failure.Failure, failure.IsTemporary)); // the others do not exist

        _dns.Answer("web1.b.lan", 60, "10.0.0.6");

        Assert.Equal("10.0.0.6", Text(await ResolveAsync("web1")));
    }

    [Fact]
    public async Task ResolveAsync_ServerIsSilentForACandidate_DoesNotTryTheNext()
    {
        _settings = ResolverSettings.Parse("search a.lan b.lan");
        _dns.Answer("web1.a.lan", DnsAnswer.Silence("no answer"));
        _dns.Answer("web1.b.lan", 60, "10.0.0.6");

        NameAnswer answer = await ResolveAsync("web1");

        Assert.Equal(("no answer", true), (answer.Failure, answer.IsTemporary));
    }

    [Theory]
    [InlineData(AddressFamily.InterNetworkV6, "10.0.0.1")]
    [InlineData(AddressFamily.InterNetwork, "fd00::1")]
    public async Task ResolveAsync_OneFamilyIsNotAnswered_IsMissingAfterAWhile(AddressFamily family, string expected)
    {
        _dns.Answer("web1", 60, "10.0.0.1", "fd00::1");
        _dns.Hang("web1", family is AddressFamily.InterNetwork ? DnsRecordKind.A : DnsRecordKind.Aaaa);

        Task<NameAnswer> resolving = ResolveAsync("web1");
        Assert.False(resolving.IsCompleted);
        _time.Advance(HostResolver.FamilyPatience);
        NameAnswer answer = await resolving.Done();

        Assert.Equal((expected, family), (Text(answer), answer.Missing));
    }

    [Fact]
    public async Task ResolveAsync_TooManyAddresses_AreCutToTheSameOnesEachTime()
    {
        string[] addresses = [.. Enumerable.Range(0, HostResolver.MaxAddresses + 5).Select(i => $"10.0.{i >> 8}.{i & 255}")];
        _dns.Answer("web1", 60, addresses);
        NameAnswer first = await ResolveAsync("web1");
        _dns.Answer("web1", 60, [.. addresses.Reverse()]);

        Assert.True(first.IsCut);
        Assert.Equal(HostResolver.MaxAddresses, first.Addresses.Count);
        Assert.True(first.HasSameContent(await ResolveAsync("web1")));
    }

    [Fact]
    public async Task ResolveAsync_Service_HasItsTargetsSortedEachOnce()
    {
        ServiceTarget one = new("web1", 81, 10, 5);
        ServiceTarget two = new("web1", 80, 20, 5);
        _dns.Answer("_http._tcp.web", 9, two with { Weight = 3 }, one, two); // the larger weight counts

        NameAnswer answer = await Resolver().ResolveAsync(new NameQuestion("_http._tcp.web", IsService: true), default);

        Assert.Equal([one, two], answer.Targets);
        Assert.Equal("no usable SRV record", await FailureOfServiceAsync(new DnsAnswer(DnsOutcome.NoData)));
        Assert.Equal("REFUSED", await FailureOfServiceAsync(DnsAnswer.Failed("REFUSED")));
    }

    [Fact]
    public async Task ResolveAsync_TargetWithTwoPriorities_HasTheLowestWhateverTheOrder()
    {
        ServiceTarget first = new("web1", 80, 10, 5);
        ServiceTarget[] targets = [first, new("web1", 80, 20, 5)];
        foreach (ServiceTarget[] order in new[] { targets, [.. targets.Reverse()] })
        {
            _dns.Answer("_x._tcp.web", 9, order);
            NameAnswer answer = await Resolver().ResolveAsync(new NameQuestion("_x._tcp.web", IsService: true), default);
            Assert.Equal([first], answer.Targets);
        }
    }

    private async Task<string?> FailureOfServiceAsync(DnsAnswer answer)
    {
        _dns.Answer("_x._tcp.web", answer);
        return (await Resolver().ResolveAsync(new NameQuestion("_x._tcp.web", IsService: true), default)).Failure;
    }

    private HostResolver Resolver(bool hasIPv6 = true) => new(_dns, () => _hosts, () => _settings, hasIPv6, _time);

    private Task<NameAnswer> ResolveAsync(string name, bool hasIPv6 = true) =>
        Resolver(hasIPv6).ResolveAsync(new NameQuestion(name, IsService: false), CancellationToken.None);

    private static string Text(NameAnswer answer) => string.Join(' ', answer.Addresses);
}
