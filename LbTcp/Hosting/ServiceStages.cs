using System.Globalization;
using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Connections.Tls;
using LbTcp.Forwarding;
using LbTcp.Preface;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// Makes the optional stages of a service's connections from its options and its routes, and makes them anew when these change.
/// </summary>
internal sealed class ServiceStages
{
    private readonly AccessControl _access;
    private readonly AdmissionQueue _limits;
    private readonly BackendRoutes _routes;
    private readonly TlsTermination _tls;
    private readonly ILoggerFactory _loggers;
    private readonly string _ids = Random.Shared.Next().ToString("x8", CultureInfo.InvariantCulture); // differ from process to process
    private readonly BackendTlsClient _backendTls = new(new HandshakeLimit(HandshakeLimit.DefaultPlaces));
    private readonly Lock _gate = new();

    /// <summary>Creates the stages for the options as they are now.</summary>
    /// <param name="options">The options.</param>
    /// <param name="access">The access rules, which follow the options by themselves.</param>
    /// <param name="limits">The limits per source, which follow the options by themselves.</param>
    /// <param name="routes">The groups of backends.</param>
    /// <param name="tls">Terminates TLS.</param>
    /// <param name="loggers">Creates the loggers.</param>
    public ServiceStages(
        CurrentServiceOptions options,
        AccessControl access,
        AdmissionQueue limits,
        BackendRoutes routes,
        TlsTermination tls,
        ILoggerFactory loggers)
    {
        _access = access;
        _limits = limits;
        _routes = routes;
        _tls = tls;
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
        Admission: AdmissionFor(options),
        ServerName: _routes.Table.Named.Count > 0 ? new ServerNameStage(_routes, options.Preface.PrefaceTimeout) : null,
        InboundPreface: _tls.StageFor(options.Tls),
        OutboundPreface: OutboundPrefaceFor(options));

    private InboundProxyStage? ProxyHeader(PrefaceOptions options) =>
        options.AcceptProxy.Count > 0 ? new InboundProxyStage(options, _loggers.CreateLogger<InboundProxyStage>()) : null;

    private AdmissionStage? AdmissionFor(ServiceOptions options) => _access.HasRules || options.Admission.HasLimits
        ? new AdmissionStage(_access, options.Admission.HasLimits ? _limits : null, options.Forwarding.QueueTimeout)
        : null;

    private OutboundPreface? OutboundPrefaceFor(ServiceOptions options)
    {
        PrefaceOptions preface = options.Preface;
        return options.Backends.Any(backend => backend.IsEncrypted || preface.SendProxyFor(backend) is not SendProxy.Off)
            ? new OutboundPreface(preface, preface.ProxyUniqueId ? _ids : null, _backendTls, options.Tls.HandshakeTimeout)
            : null;
    }
}
