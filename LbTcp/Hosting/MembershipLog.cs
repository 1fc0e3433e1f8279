using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>What a reload changed in the backends of a service, one line per change.</summary>
/// <param name="logger">Receives the lines.</param>
internal sealed partial class MembershipLog(ILogger<MembershipLog> logger)
{
    private static readonly EventId _changed = new(EventIds.ReloadChanged, nameof(EventIds.ReloadChanged));

    /// <summary>Writes the change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="onRemoved">What happens to the connections of removed backends.</param>
    public void Write(PoolChange change, OnRemoved onRemoved)
    {
        foreach (Backend backend in change.Added)
            Log.Added(logger, backend.Name, backend.Address.HostAndPort, backend.Weight);
        foreach (OptionsChange options in change.Changed)
            Write(options);
        foreach (Backend backend in change.Removed)
            Log.Removed(logger, backend.Name, backend.OpenConnections, onRemoved);
    }

    private void Write(OptionsChange change)
    {
        foreach (BackendDifference difference in BackendDifference.Between(change.Old, change.New))
            logger.Log(
                LogLevel.Information, _changed, new ChangedRecord(change.Backend.Name, difference), null, static (state, _) => state.Message);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ReloadAdded, LogLevel.Information, "reload added backend={Backend} address={Address} weight={Weight}")]
        public static partial void Added(ILogger logger, string backend, string address, int weight);

        [LoggerMessage(EventIds.ReloadRemoved, LogLevel.Information,
            "reload removed backend={Backend} connections={Connections} on_removed={OnRemoved}")]
        public static partial void Removed(ILogger logger, string backend, int connections, OnRemoved onRemoved);
    }

    // The name of the setting is the name of a field, so there is no template.
    private readonly record struct ChangedRecord(string Backend, BackendDifference Difference) : ILogRecord
    {
        public string Message => "reload changed";

        public void WriteFields(LogLine line)
        {
            line.Text("backend"u8, Backend);
            line.Text(System.Text.Encoding.UTF8.GetBytes(Difference.Setting), Difference.New);
            line.Text("was"u8, Difference.Old);
        }
    }
}
