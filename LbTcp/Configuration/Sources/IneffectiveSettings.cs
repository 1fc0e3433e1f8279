using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>Finds settings that have no effect without another one, which is probably missing by mistake.</summary>
internal static class IneffectiveSettings
{
    private static readonly (Setting Setting, Setting Missing, Predicate<ServiceOptions> HasEffect)[] _all =
    [
        (TlsSettings.Alpn, TlsSettings.Certificates, options => options.Tls.IsOn),
        (TlsSettings.MinVersion, TlsSettings.Certificates, options => options.Tls.IsOn),
        (TlsSettings.MaxHandshakes, TlsSettings.Certificates, options => options.Tls.IsOn),
        (AdmissionSettings.ConnectionBurst, AdmissionSettings.ConnectionRate, options => options.Admission.ConnectionRate is not null),
        (AdmissionSettings.ConnectionBurstPerSource, AdmissionSettings.ConnectionRatePerSource,
            options => options.Admission.ConnectionRatePerSource is not null),
    ];

    /// <summary>Returns a sentence for each setting of a service.</summary>
    /// <param name="options">The options of the service.</param>
    /// <param name="given">What was given for this service alone: what is for several may have its effect in another one.</param>
    public static IEnumerable<string> Describe(ServiceOptions options, SettingLayers given)
    {
        foreach ((Setting setting, Setting missing, Predicate<ServiceOptions> hasEffect) in _all)
        {
            if (!hasEffect(options) && given.Find(setting)?.Origin is { } origin)
                yield return $"{origin.Name} has no effect without {origin.NameOf(missing)}.";
        }
    }
}
