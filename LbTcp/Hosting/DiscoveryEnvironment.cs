using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>What all services of a process resolve names with.</summary>
/// <param name="Names">Keeps the answers of all names.</param>
/// <param name="Own">The addresses that the process listens on; replaced when they change.</param>
/// <param name="TimeProvider">The clock.</param>
/// <param name="Loggers">Creates the loggers of the services.</param>
internal sealed record DiscoveryEnvironment(NameTracker Names, OwnAddresses Own, TimeProvider TimeProvider, ServiceLoggers Loggers)
    : IAsyncDisposable
{
    private const int MostLookUps = 64;
    private const int QueriesPerLookUp = 2; // IPv4 and IPv6

    /// <summary>Creates the parts for this machine.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="loggers">Creates the loggers of the process.</param>
    /// <param name="services">Creates the loggers of the services.</param>
    public static DiscoveryEnvironment Create(DiscoveryOptions options, ILoggerFactory loggers, ServiceLoggers services)
    {
        TimeProvider timeProvider = TimeProvider.System;
        var resolver = HostResolver.Create(options, timeProvider);
        var names = new NameTracker(
            resolver, options, LookUps(DescriptorLimit.Read()), timeProvider, new Random(), loggers.CreateLogger<NameTracker>());
        return new DiscoveryEnvironment(names, new OwnAddresses(), timeProvider, services);
    }

    /// <summary>The number of descriptors to set aside for look-ups: none if there is no name.</summary>
    public static int Descriptors(HostOptions options, long? descriptorLimit) =>
        options.Services.Any(service => service.Backends.Any(line => line.Address.IsName && !Hosts.IsLocalhost(line.Address.HostName)))
            ? LookUps(descriptorLimit) * QueriesPerLookUp
            : 0;

    private static int LookUps(long? descriptorLimit) =>
        (int)Math.Clamp((descriptorLimit ?? DescriptorLimit.Assumed) / 64, 4, MostLookUps);

    /// <summary>Creates the discovery of a service that has no backends yet.</summary>
    public BackendDiscovery CreateDiscovery(string service) =>
        new(new BackendPool(Array.Empty<BackendOptions>()), Names, Own, Loggers.For(service).CreateLogger<BackendDiscovery>());

    /// <summary>Ends all look-ups.</summary>
    public ValueTask DisposeAsync() => Names.DisposeAsync();
}
