using System.Globalization;
using LbTcp.Configuration;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// Makes the optional stages of a service's connections from its options and its routes, and makes them anew when these change.
/// </summary>
internal sealed class ServiceStages
{
    private readonly BackendRoutes _routes;
    private readonly ILoggerFactory _loggers;
    private readonly string _ids = Random.Shared.Next().ToString("x8", CultureInfo.InvariantCulture); // differ from process to process
    private readonly Lock _gate = new();

    /// <summary>Creates the stages for the options as they are now.</summary>
    /// <param name="options">The options.</param>
    /// <param name="routes">The groups of backends.</param>
    /// <param name="loggers">Creates the loggers.</param>
    public ServiceStages(CurrentServiceOptions options, BackendRoutes routes, ILoggerFactory loggers)
    {
        _routes = routes;
        _loggers = loggers;
        Current = new CurrentOptions<ConnectionStages>(StagesFor(options.All.Value));
        options.All.Changed += (_, _) => Update();
        routes.TableChanged += Update;

        void Update()
        {
            lock (_gate) // the last one to enter sees the last change of both
                Current.Replace(StagesFor(options.All.Value));
        }
    }

    /// <summary>The stages that new connections run through.</summary>
    public CurrentOptions<ConnectionStages> Current { get; }

    private ConnectionStages StagesFor(ServiceOptions options) => new(
        ProxyHeader: ProxyHeader(options.Preface),
        ServerName: _routes.Table.Named.Count > 0 ? new ServerNameStage(_routes, options.Preface.PrefaceTimeout) : null,
        OutboundPreface: SendProxy(options, next: null));

    private InboundProxyStage? ProxyHeader(PrefaceOptions options) =>
        options.AcceptProxy.Count > 0 ? new InboundProxyStage(options, _loggers.CreateLogger<InboundProxyStage>()) : null;

    // The header comes before whatever else comes first at a backend.
    private IConnectionStage? SendProxy(ServiceOptions options, IConnectionStage? next) =>
        options.Backends.Any(backend => options.Preface.SendProxyFor(backend) is not Configuration.SendProxy.Off)
            ? new OutboundProxyStage(options.Preface, options.Preface.ProxyUniqueId ? _ids : null, next)
            : next;
}
