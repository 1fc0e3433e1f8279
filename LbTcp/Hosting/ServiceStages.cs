using System.Globalization;
using LbTcp.Configuration;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>Makes the optional stages of a service's connections from its options, and makes them anew when the options change.</summary>
internal sealed class ServiceStages
{
    private readonly ILoggerFactory _loggers;
    private readonly string _ids;

    /// <summary>Creates the stages for the options as they are now.</summary>
    /// <param name="options">The options.</param>
    /// <param name="random">Tells this process from others in what is sent to backends.</param>
    /// <param name="loggers">Creates the loggers.</param>
    public ServiceStages(CurrentServiceOptions options, Random random, ILoggerFactory loggers)
    {
        _loggers = loggers;
        _ids = random.Next().ToString("x8", CultureInfo.InvariantCulture);
        Current = new CurrentOptions<ConnectionStages>(StagesFor(options.All.Value));
        options.All.Changed += (_, next) => Current.Replace(StagesFor(next));
    }

    /// <summary>The stages that new connections run through.</summary>
    public CurrentOptions<ConnectionStages> Current { get; }

    private ConnectionStages StagesFor(ServiceOptions options) => new(
        ProxyHeader: ProxyHeader(options.Preface),
        OutboundPreface: SendProxy(options, next: null));

    private InboundProxyStage? ProxyHeader(PrefaceOptions options) =>
        options.AcceptProxy.Count > 0 ? new InboundProxyStage(options, _loggers.CreateLogger<InboundProxyStage>()) : null;

    // The header comes before whatever else comes first at a backend.
    private IConnectionStage? SendProxy(ServiceOptions options, IConnectionStage? next) =>
        options.Backends.Any(backend => options.Preface.SendProxyFor(backend) is not Configuration.SendProxy.Off)
            ? new OutboundProxyStage(options.Preface, options.Preface.ProxyUniqueId ? _ids : null, next)
            : next;
}
