using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Host connectors of tests that are about something else.</summary>
internal static class HostConnectors
{
    /// <summary>A connector that dials the addresses that a backend has.</summary>
    public static HostConnector Over(IBackendConnector connector) =>
        new(connector, new AddressTracker(TimeProvider.System, new LogRecorder<AddressTracker>()));
}
