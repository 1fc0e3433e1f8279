using LbTcp.Configuration;
using LbTcp.Forwarding;

namespace LbTcp.Hosting;

/// <summary>Makes the optional stages of a service's connections from its options, and makes them anew when the options change.</summary>
internal sealed class ServiceStages
{
    private readonly TlsTermination _tls;

    /// <summary>Creates the stages for the options as they are now.</summary>
    public ServiceStages(CurrentServiceOptions options, TlsTermination tls)
    {
        _tls = tls;
        Current = new CurrentOptions<ConnectionStages>(StagesFor(options.All.Value));
        options.All.Changed += (_, next) => Current.Replace(StagesFor(next));
    }

    /// <summary>The stages that new connections run through.</summary>
    public CurrentOptions<ConnectionStages> Current { get; }

    private ConnectionStages StagesFor(ServiceOptions options) => new()
    {
        InboundPreface = _tls.StageFor(options.Tls),
    };
}
