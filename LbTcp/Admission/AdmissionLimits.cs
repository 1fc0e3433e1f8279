using LbTcp.Configuration;

namespace LbTcp.Admission;

/// <summary>The limits of a service as they are now, in the terms of the clock.</summary>
/// <param name="MostPerSource">The maximum number of connections of one source; 0 for no limit.</param>
/// <param name="RatePerSource">The maximum rate of one source; null for no limit.</param>
/// <param name="Rate">The maximum rate of the service; null for no limit.</param>
/// <param name="PrefixIPv6">The length of the prefix by which IPv6 sources are told apart.</param>
/// <param name="MaxWaiting">The maximum number of clients that wait; 0 if clients over a limit are reset.</param>
internal sealed record AdmissionLimits(
    int MostPerSource, ArrivalLimit? RatePerSource, ArrivalLimit? Rate, int PrefixIPv6, int MaxWaiting)
{
    /// <summary>Converts the settings.</summary>
    public static AdmissionLimits Of(ServiceOptions options, TimeProvider timeProvider)
    {
        AdmissionOptions admission = options.Admission;
        return new AdmissionLimits(
            admission.MaxConnectionsPerSource,
            ArrivalLimit.Of(admission.ConnectionRatePerSource, admission.ConnectionBurstPerSource, timeProvider),
            ArrivalLimit.Of(admission.ConnectionRate, admission.ConnectionBurst, timeProvider),
            admission.SourcePrefixIPv6,
            admission.OverLimit is OverLimit.Wait ? options.Forwarding.MaxQueue : 0);
    }
}
