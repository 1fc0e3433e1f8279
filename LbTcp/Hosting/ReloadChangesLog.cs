using System.Text;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// What a reload changed in the log, one line per change. <c>lbtcp check --against</c> prints the same lines for a plan.
/// </summary>
/// <param name="loggers">Creates the loggers of the process.</param>
/// <param name="services">Creates the loggers of the services.</param>
internal sealed partial class ReloadChangesLog(ILoggerFactory loggers, ServiceLoggers services)
{
    private static readonly EventId _settingChanged = new(EventIds.ReloadSettingChanged, nameof(EventIds.ReloadSettingChanged));
    private static readonly EventId _backendChanged = new(EventIds.ReloadChanged, nameof(EventIds.ReloadChanged));

    /// <summary>Writes the changes of a plan; the number of open connections only if it was carried out.</summary>
    public void Write(HostPlan plan)
    {
        ILogger process = loggers.CreateLogger<ReloadChangesLog>();
        WriteSettings(process, plan.Settings);
        foreach (ServicePlan service in plan.Services)
            Write(service, plan.IsCarriedOut, process, services.For(service.Name).CreateLogger<ReloadChangesLog>());
    }

    private static void Write(ServicePlan service, bool isCarriedOut, ILogger process, ILogger logger)
    {
        switch (service.Kind)
        {
            case ServiceChangeKind.Added:
                ServiceOptions next = service.Next!;
                Log.ServiceAdded(process, next.Name, next.Listen.Select(address => address.ToString()), next.Backends.Count);
                break;
            case ServiceChangeKind.Removed:
                Log.ServiceRemoved(process, service.Name, service.Running!.DrainTimeout);
                break;
            case ServiceChangeKind.Changed:
                foreach (ListenAddress address in service.Opened)
                    Log.Opened(logger, address);
                foreach (ListenAddress address in service.Closed)
                    Log.Closed(logger, address);
                WriteSettings(logger, service.Settings);
                WriteBackends(logger, service.Backends);
                foreach (Backend backend in service.Backends.Removed)
                    Log.Removed(logger, backend.Name, isCarriedOut ? backend.OpenConnections : null, service.Next!.Forwarding.OnRemoved);
                break;
        }
    }

    private static void WriteSettings(ILogger logger, IEnumerable<SettingChange> changes)
    {
        foreach (SettingChange change in changes)
            Write(logger, _settingChanged, new ChangedRecord("reload changed setting", null, change));
    }

    private static void WriteBackends(ILogger logger, PoolChange change)
    {
        foreach (Backend backend in change.Added)
            Log.Added(logger, backend.Name, backend.Address.HostAndPort, backend.Weight);
        foreach (OptionsChange options in change.Changed)
        {
            foreach (SettingChange setting in BackendDifference.Between(options.Old, options.New))
                Write(logger, _backendChanged, new ChangedRecord("reload changed", options.Backend.Name, setting));
        }
    }

    private static void Write(ILogger logger, EventId eventId, ChangedRecord record) =>
        logger.Log(LogLevel.Information, eventId, record, exception: null, static (state, _) => state.Message);

    // A record of its own, because the name of the setting is the name of a field.
    private sealed record ChangedRecord(string Message, string? Backend, SettingChange Change) : ILogRecord
    {
        public void WriteFields(LogLine line)
        {
            if (Backend is not null)
                line.Text("backend"u8, Backend);
            line.Text(Encoding.UTF8.GetBytes(Change.Name), Change.New);
            line.Text("was"u8, Change.Old);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ReloadOpened, LogLevel.Information, "reload opened listen={Listen}")]
        public static partial void Opened(ILogger logger, ListenAddress listen);

        [LoggerMessage(EventIds.ReloadClosed, LogLevel.Information, "reload closed listen={Listen}")]
        public static partial void Closed(ILogger logger, ListenAddress listen);

        [LoggerMessage(EventIds.ReloadAdded, LogLevel.Information, "reload added backend={Backend} address={Address} weight={Weight}")]
        public static partial void Added(ILogger logger, string backend, string address, int weight);

        [LoggerMessage(EventIds.ReloadRemoved, LogLevel.Information,
            "reload removed backend={Backend} connections={Connections} on_removed={OnRemoved}")]
        public static partial void Removed(ILogger logger, string backend, int? connections, OnRemoved onRemoved);

        [LoggerMessage(EventIds.ReloadServiceAdded, LogLevel.Information,
            "reload added service name={Name} listen={Listen} backends={Backends}")]
        public static partial void ServiceAdded(ILogger logger, string name, IEnumerable<string> listen, int backends);

        [LoggerMessage(EventIds.ReloadServiceRemoved, LogLevel.Information,
            "reload removed service name={Name} drain_timeout={DrainTimeout}")]
        public static partial void ServiceRemoved(ILogger logger, string name, TimeSpan drainTimeout);
    }
}
