namespace LbTcp.Configuration;

/// <summary>The options of a running service that apply now, group by group: a component holds the group that it reads.</summary>
/// <param name="options">The first options.</param>
internal sealed class CurrentServiceOptions(ServiceOptions options)
{
    /// <summary>All options; replaced after the groups.</summary>
    public CurrentOptions<ServiceOptions> All { get; } = new(options);

    /// <summary>How backends are checked.</summary>
    public CurrentOptions<HealthCheckOptions> HealthCheck { get; } = new(options.HealthCheck);

    /// <summary>When failed connections eject backends.</summary>
    public CurrentOptions<PassiveHealthOptions> PassiveHealth { get; } = new(options.PassiveHealth);

    /// <summary>How clients are served.</summary>
    public CurrentOptions<ForwardingOptions> Forwarding { get; } = new(options.Forwarding);

    /// <summary>Which clients are admitted.</summary>
    public CurrentOptions<AdmissionOptions> Admission { get; } = new(options.Admission);

    /// <summary>Replaces the options; a group without a change is not touched. Must be called by one thread at a time.</summary>
    public void Replace(ServiceOptions next)
    {
        HealthCheck.Replace(next.HealthCheck);
        PassiveHealth.Replace(next.PassiveHealth);
        Forwarding.Replace(next.Forwarding);
        Admission.Replace(next.Admission);
        All.Replace(next);
    }
}
