using System.Net;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Discovery;

/// <summary>Names with scripted answers and a clock that stands still; the discoveries of services over them.</summary>
internal sealed class DiscoveryFixture
{
    public DiscoveryFixture(int places = 100)
    {
        Resolver = new HostResolver(Dns, () => HostsFile.Parse(Hosts), () => new ResolverSettings(), hasIPv6: true, Time);
        Names = new NameTracker(Resolver, new DiscoveryOptions(), places, Time, new Random(1), NameLogs);
        Own = new OwnAddresses(() => HostAddresses.ToHashSet(), Time);
        Discovery = CreateDiscovery();
    }

    public ScriptedDns Dns { get; } = new();

    /// <summary>The content of <c>/etc/hosts</c>.</summary>
    public string Hosts { get; set; } = "";

    public FakeTimeProvider Time { get; } = new();

    public LogRecorder<NameTracker> NameLogs { get; } = new();

    public LogRecorder<BackendDiscovery> Logs { get; } = new();

    /// <summary>The addresses of the host's interfaces.</summary>
    public HashSet<IPAddress> HostAddresses { get; } = [];

    public HostResolver Resolver { get; }

    public NameTracker Names { get; }

    public OwnAddresses Own { get; }

    public BackendDiscovery Discovery { get; }

    public BackendPool Pool => Discovery.Pool;

    /// <summary>The members: name and addresses.</summary>
    public string[] Members =>
        [.. Pool.GetAllBackends().Select(backend => $"{backend.Name} = {string.Join<EndPoint>(' ', backend.EndPoints)}")];

    public BackendDiscovery CreateDiscovery() => new(new BackendPool(Array.Empty<BackendOptions>()), Names, Own, Logs);

    /// <summary>Starts with lines, all of whose names are answered.</summary>
    public async Task StartAsync(params string[] lines)
    {
        BackendOptions[] options = Pools.Options(lines);
        await Discovery.PrepareAsync(options, CancellationToken.None).Done();
        _ = Discovery.Apply(options);
    }

    /// <summary>Lets time pass, and waits until a name was asked for once more and the answer is applied.</summary>
    public async Task PassAsync(TimeSpan time, string name, bool isAskedFor = true)
    {
        int asked = Dns.Asked(name);
        Time.Advance(time);
        Discovery.Refresh();
        await Until.TrueAsync(() => Dns.Asked(name) > asked || !isAskedFor, $"{name} is asked for");
        await Names.WhenIdleAsync().Done();
        Discovery.Refresh();
    }

    /// <summary>Ends the look-ups that are under way.</summary>
    public Task EndAsync() => Names.DisposeAsync().AsTask();
}
