using System.Globalization;
using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Preface;

namespace LbTcp.Hosting;

/// <summary>Settings that are probably wrong but do not prevent the start, in one or two sentences each.</summary>
internal static class StartWarnings
{
    private const int MostRules = 3; // of those without an effect, of which a list may have many

    /// <summary>The warnings for the sources of the configuration and its files.</summary>
    public static IEnumerable<string> Of(ConfigurationResult configuration) =>
        configuration.Warnings.Concat(new FileExposure(ProcessIdentity.Read()).Find(configuration))
            .Concat(configuration.Options is { } options ? OfSettings(options) : []);

    /// <summary>The warnings for the process and each of its services.</summary>
    public static IEnumerable<string> Of(ConnectionLimit limit, IEnumerable<Resolution> services)
    {
        IEnumerable<string> warnings = services.SelectMany(Of);
        return limit.Warning is { } warning ? warnings.Prepend(warning) : warnings;
    }

    /// <summary>The warnings for the access rules of a service.</summary>
    public static IEnumerable<string> OfAccess(AdmissionOptions options) =>
        AccessRules.For(options)?.DescribeIneffective(MostRules) ?? [];

    /// <summary>The warnings for a service.</summary>
    public static IEnumerable<string> Of(Resolution resolution)
    {
        ServiceOptions options = resolution.Service;
        if (options.Forwarding.IdleTimeout == TimeSpan.Zero)
            yield return "--idle-timeout is off: a connection whose peers stay silent is never closed.";
        foreach (string warning in OfAccess(options.Admission))
            yield return warning;
        foreach (BackendOptions line in options.Backends)
        {
            string name = line.Name ?? line.Address.HostAndPort;
            if (line.HealthPath is not null && !options.HealthCheck.IsHttp(line))
                yield return $"The health_path of {name} is ignored: the backend is not checked by HTTP; add check=http.";
            if ((line.CheckSend ?? line.CheckExpect) is not null && options.HealthCheck.KindFor(line) is not CheckKind.Expect)
                yield return $"The {(line.CheckSend is null ? "check_expect" : "check_send")} of {name} is ignored: add check=tcp.";
        }
    }

    private static IEnumerable<string> OfSettings(HostOptions options)
    {
        if (options.OtlpEndpoint is { UserInfo.Length: > 0 })
            yield return "The user name and password in --otlp-endpoint are not sent; use OTEL_EXPORTER_OTLP_HEADERS.";
        foreach (ServiceOptions service in options.Services)
        {
            foreach (CertificateFile file in service.Tls.Certificates?.Unused ?? [])
            {
                yield return $"The certificate in {SafeText.Escape(file.Path)} is never used: for each of its names a certificate with the "
                    + "same kind of key comes first.";
            }

            if (OfUncheckedTls(service, isOneOfMany: options.Services.Count > 1) is { } warning)
                yield return warning;
        }
    }

    // A check of another port is none of the port that clients get.
    private static string? OfUncheckedTls(ServiceOptions service, bool isOneOfMany)
    {
        BackendOptions[] lines =
        [
            .. service.Backends.Where(line => line is { IsEncrypted: true, CheckPort: null }
                && service.HealthCheck.KindFor(line) is CheckKind.Tcp),
        ];
        if (lines.Length == 0)
            return null;
        string name = lines[0].Name ?? lines[0].Address.HostAndPort;
        string others = lines.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and of {lines.Length - 1} more");
        string where = isOneOfMany ? $" in service {service.Name}" : "";
        return $"The tcp check of {name}{others}{where} succeeds although the TLS handshake may fail; use one of the backend's protocol, "
            + "such as check=https.";
    }

    /// <summary>The certificates of a service that are not valid now, or not for long.</summary>
    public static IEnumerable<string> OfCertificates(ServiceOptions options, DateTimeOffset now) => (options.Tls.Certificates?.All ?? [])
        .Select(file => file.DescribeValidity(now, CertificateExpiry.Notice)).OfType<string>();
}
