using LbTcp.Configuration;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>Logs where the services of a configuration listen, and what is probably a mistake in them.</summary>
/// <param name="environment">The parts that the services share.</param>
/// <param name="processLoggers">Creates the loggers of what belongs to no service.</param>
internal sealed class ConfigurationReport(ServiceEnvironment environment, ILoggerFactory processLoggers)
{
    /// <summary>Logs the ports of a service.</summary>
    /// <param name="service">The options of the service.</param>
    /// <param name="backends">The number of its backends.</param>
    /// <param name="ports">The ports.</param>
    public void Listening(ServiceOptions service, int backends, IEnumerable<ServicePort> ports) => LogOf(service.Name).Listening(
        backends,
        environment.Limits.Connections.ForShare(service.MaxConnections),
        environment.Limits.Checks,
        ports.Select(port => port.LocalEndPoint));

    /// <summary>Logs that a service has given up a port.</summary>
    public void ListeningEnded(PortMove closed) => LogOf(closed.Service).ListeningEnded(closed.Port.LocalEndPoint);

    /// <summary>Logs the effects of a reload.</summary>
    /// <param name="reload">The reload, which was carried out.</param>
    /// <param name="backends">Returns the number of backends of a service.</param>
    /// <param name="ports">The ports that services have got.</param>
    public void Changes(PreparedReload reload, Func<string, int> backends, ILookup<string, ServicePort> ports)
    {
        if (reload.Plan.Settings.Count > 0)
            new StartLog(processLoggers.CreateLogger<StartLog>()).Warnings(environment.Limits.Connections, []);
        foreach (Resolution added in reload.Added)
            LogOf(added.Service.Name).Warnings(added);
        foreach (ServiceOptions service in reload.Plan.Services.Select(service => service.Next).OfType<ServiceOptions>())
            Listening(service, backends(service.Name), ports[service.Name]);
    }

    private StartLog LogOf(string service) => new(environment.Loggers.For(service).CreateLogger<StartLog>());
}
