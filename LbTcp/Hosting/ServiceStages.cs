using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Forwarding;

namespace LbTcp.Hosting;

/// <summary>Makes the optional stages of a service's connections from its options, and makes them anew when the options change.</summary>
internal sealed class ServiceStages
{
    private readonly AccessControl _access;
    private readonly AdmissionQueue _limits;

    /// <summary>Creates the stages for the options as they are now.</summary>
    /// <param name="options">The options.</param>
    /// <param name="access">The access rules, which follow the options by themselves.</param>
    /// <param name="limits">The limits per source, which follow the options by themselves.</param>
    public ServiceStages(CurrentServiceOptions options, AccessControl access, AdmissionQueue limits)
    {
        _access = access;
        _limits = limits;
        Current = new CurrentOptions<ConnectionStages>(StagesFor(options.All.Value));
        options.All.Changed += (_, next) => Current.Replace(StagesFor(next));
    }

    /// <summary>The stages that new connections run through.</summary>
    public CurrentOptions<ConnectionStages> Current { get; }

    private ConnectionStages StagesFor(ServiceOptions options) => new(
        Admission: AdmissionFor(options));

    private AdmissionStage? AdmissionFor(ServiceOptions options) => _access.HasRules || options.Admission.HasLimits
        ? new AdmissionStage(_access, options.Admission.HasLimits ? _limits : null, options.Forwarding.QueueTimeout)
        : null;
}
