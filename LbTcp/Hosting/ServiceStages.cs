using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Forwarding;

namespace LbTcp.Hosting;

/// <summary>Makes the optional stages of a service's connections from its options, and makes them anew when the options change.</summary>
internal sealed class ServiceStages
{
    /// <summary>Creates the stages for the options as they are now.</summary>
    public ServiceStages(CurrentServiceOptions options, TimeProvider timeProvider)
    {
        Admission = new AdmissionQueue(new SourceLimits(options, timeProvider), timeProvider); // follows the options before the stages do
        Current = new CurrentOptions<ConnectionStages>(StagesFor(options.All.Value));
        options.All.Changed += (_, next) => Current.Replace(StagesFor(next));
    }

    /// <summary>The stages that new connections run through.</summary>
    public CurrentOptions<ConnectionStages> Current { get; }

    /// <summary>The limits per source and the rate of the service, and the clients that wait for them.</summary>
    public AdmissionQueue Admission { get; }

    private ConnectionStages StagesFor(ServiceOptions options) => new(
        Admission: options.Admission.HasLimits ? new LimitStage(Admission, options.Forwarding.QueueTimeout) : null);
}
