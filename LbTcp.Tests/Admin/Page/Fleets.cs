using LbTcp.Backends;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Admin.Page;

/// <summary>The fleets of the tests.</summary>
internal static class Fleets
{
    /// <summary>Three services with all kinds of states, none of which needs a person.</summary>
    public static Fleet Calm() => Create(web: 6, api: 5, redis: 3);

    /// <summary>The same with 200 backends.</summary>
    public static Fleet Large() => Create(web: 120, api: 60, redis: 20);

    /// <summary>All backends of one service are down, and some of another.</summary>
    public static Fleet Outage()
    {
        Fleet fleet = Calm();
        DateTimeOffset now = DateTimeOffset.UtcNow - TimeSpan.FromSeconds(48);
        foreach (string name in (string[])["web1", "web2", "web3", "web4", "web6", "api1"])
        {
            bool isSilent = name is "web4" or "api1";
            fleet[name].Fail(now, isSilent ? "no answer within 2s" : "connection refused", TimeSpan.FromSeconds(isSilent ? 2 : 0.0003));
            fleet[name].Failures = 2.2;
            fleet.Tell(TimeSpan.FromSeconds(48), LogLevel.Warning, "backend is unhealthy", fleet[name].Service, name,
                ("error", isSilent ? "no answer within 2s" : "connection refused"), ("failures", "3"));
        }

        fleet.Level = 0.35;
        fleet.Tell(TimeSpan.FromSeconds(47), LogLevel.Error, "no backend is available", "web", null, ("when_all_down", "reset"));
        return fleet;
    }

    private static Fleet Create(int web, int api, int redis)
    {
        var fleet = new Fleet();
        fleet.AddService("web", "leastconn", "*:8080", "unix:/run/web.sock");
        fleet.AddService("api", "roundrobin", "127.0.0.1:8443");
        fleet.AddService("redis", "first", "127.0.0.1:6379");
        Add(fleet, "web", 3, web);
        Add(fleet, "api", 4, api);
        Add(fleet, "redis", 5, redis);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        fleet["web3"].WeightOverride = 5;
        fleet["web5"].Set(BackendIntent.Drain, now - TimeSpan.FromMinutes(4));
        fleet["web5"].Open = 13;
        fleet["api4"].Set(BackendIntent.Maint, now - TimeSpan.FromMinutes(16));
        fleet["api4"].Open = 0;
        fleet["api2"].SlowStart = 0.6;
        fleet.Tell(TimeSpan.FromHours(76), LogLevel.Information, "started", null, null, ("services", "3"), ("transport", "epoll"));
        Intent(fleet, TimeSpan.FromMinutes(16), "api", "api4", "maint");
        Intent(fleet, TimeSpan.FromMinutes(4), "web", "web5", "drain");
        fleet.Tell(TimeSpan.FromMinutes(2), LogLevel.Information, "reload changed", "web", "web1", ("weight", "3"), ("was", "1"));
        fleet.Tell(TimeSpan.FromMinutes(2), LogLevel.Information, "reload done", null, null, ("source", "backends.txt"),
            ("trigger", "file"), ("changed", "1"), ("unchanged", "13"), ("duration", "1.2ms"));
        return fleet;
    }

    private static void Intent(Fleet fleet, TimeSpan ago, string service, string backend, string intent) =>
        fleet.Tell(ago, LogLevel.Information, "intent changed", service, backend, ("intent", intent), ("was", "ready"),
            ("by", "uid 1000"), ("from", "unix"));

    private static void Add(Fleet fleet, string service, int network, int count)
    {
        for (int number = 1; number <= count; number++)
        {
            string address = $"10.0.{network}.{number + 3}:{3000 + number}";
            _ = fleet.Add(new FleetMember(service, $"{service}{number}", address, (network * 1000) + number)
            {
                Weight = service == "web" && number == 1 ? 3 : 1,
                MaxConnections = service == "web" && number is 1 or 3 ? 64 : null,
                Backup = service == "redis" && number == count,
            });
        }
    }
}
