using System.Net;
using LbTcp.Backends;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Discovery;

/// <summary>The log records of the discovery of one service. Not thread-safe: the discovery's lock guards it.</summary>
/// <param name="logger">Receives the records.</param>
internal sealed partial class DiscoveryLog(ILogger<BackendDiscovery> logger)
{
    private HashSet<RefusedAddress> _refused = [];

    /// <summary>Logs the members that came, went and changed. One without addresses stands for a line and is no server.</summary>
    public void Report(PoolChange change)
    {
        foreach (Backend backend in change.Added.Where(backend => backend.IsResolved))
            Log.BackendAdded(logger, backend.Name, Describe(backend), backend.Weight);
        foreach (Backend backend in change.Removed.Where(backend => backend.IsResolved))
            Log.BackendRemoved(logger, backend.Name, Describe(backend), backend.OpenConnections);
        foreach (OptionsChange changed in change.Changed)
        {
            if (changed.Old.Resolved != changed.New.Resolved)
                Log.AddressesChanged(logger, changed.Backend.Name, Describe(changed.Backend));
            if (changed.Old.Weight != changed.New.Weight)
                Log.WeightChanged(logger, changed.Backend.Name, changed.New.Weight, changed.Old.Weight);
        }
    }

    /// <summary>Logs the addresses that are not used, each once until it is used again or is gone.</summary>
    public void Report(IReadOnlyList<RefusedAddress> refused)
    {
        foreach (RefusedAddress address in refused.Where(address => !_refused.Contains(address)))
        {
            if (address.Owner is { } owner)
                Log.AddressShared(logger, address.EndPoint, owner, address.Line);
            else
                Log.OwnAddressRefused(logger, address.EndPoint, address.Line);
        }

        _refused = [.. refused];
    }

    private static string Describe(Backend backend) => string.Join<EndPoint>(' ', backend.EndPoints);

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.BackendAdded, LogLevel.Information, "discovery added backend={Backend} address={Address} weight={Weight}")]
        public static partial void BackendAdded(ILogger logger, string backend, string address, int weight);

        [LoggerMessage(
            EventIds.BackendRemoved, LogLevel.Information,
            "discovery removed backend={Backend} address={Address} connections={Connections}")]
        public static partial void BackendRemoved(ILogger logger, string backend, string address, int connections);

        [LoggerMessage(EventIds.AddressesChanged, LogLevel.Information, "discovery changed backend={Backend} address={Address}")]
        public static partial void AddressesChanged(ILogger logger, string backend, string address);

        [LoggerMessage(
            EventIds.WeightChanged, LogLevel.Information, "discovery changed backend={Backend} weight={Weight} was={Was}")]
        public static partial void WeightChanged(ILogger logger, string backend, int weight, int was);

        [LoggerMessage(
            EventIds.AddressShared, LogLevel.Warning,
            "two lines have an address in common, which is used once address={Address} used_by={UsedBy} not_by={NotBy}")]
        public static partial void AddressShared(ILogger logger, EndPoint address, string usedBy, string notBy);

        [LoggerMessage(
            EventIds.OwnAddressRefused, LogLevel.Error,
            "address of a backend is one that lbtcp listens on, not used address={Address} line={Line}")]
        public static partial void OwnAddressRefused(ILogger logger, EndPoint address, string line);
    }
}
