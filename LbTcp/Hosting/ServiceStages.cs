using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Forwarding;

namespace LbTcp.Hosting;

/// <summary>Makes the optional stages of a service's connections from its options, and makes them anew when the options change.</summary>
internal sealed class ServiceStages
{
    private readonly AccessControl _access;
    private readonly AdmissionStage _admission;
    private readonly TlsTermination _tls;

    /// <summary>Creates the stages for the options as they are now.</summary>
    /// <param name="options">The options.</param>
    /// <param name="access">The access rules, which follow the options by themselves.</param>
    /// <param name="tls">Makes the stage that terminates TLS.</param>
    public ServiceStages(CurrentServiceOptions options, AccessControl access, TlsTermination tls)
    {
        _access = access;
        _admission = new AdmissionStage(access);
        _tls = tls;
        Current = new CurrentOptions<ConnectionStages>(StagesFor(options.All.Value));
        options.All.Changed += (_, next) => Current.Replace(StagesFor(next));
    }

    /// <summary>The stages that new connections run through.</summary>
    public CurrentOptions<ConnectionStages> Current { get; }

    private ConnectionStages StagesFor(ServiceOptions options) => new(
        Admission: _access.HasRules ? _admission : null,
        InboundPreface: _tls.StageFor(options.Tls));
}
