using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Preface;

namespace LbTcp.Hosting;

/// <summary>Settings that are probably wrong but do not prevent the start, in one or two sentences each.</summary>
internal static class StartWarnings
{
    private const int MostRules = 3; // of those without an effect, of which a list may have many

    /// <summary>The warnings for the process and each of its services.</summary>
    public static IEnumerable<string> Of(ConnectionLimit limit, IEnumerable<Resolution> services)
    {
        IEnumerable<string> warnings = services.SelectMany(Of);
        return limit.Warning is { } warning ? warnings.Prepend(warning) : warnings;
    }

    /// <summary>The warnings for the access rules of a service.</summary>
    public static IEnumerable<string> OfAccess(AdmissionOptions options)
    {
        IEnumerable<string> warnings = AccessRules.For(options)?.DescribeIneffective(MostRules) ?? [];
        return options.AccessFile is { } file && TextFile.IsWritableByAnyone(file)
            ? warnings.Prepend($"{SafeText.Escape(file)} is writable by every user of this system, who can admit clients.")
            : warnings;
    }

    /// <summary>The warnings for a service.</summary>
    public static IEnumerable<string> Of(Resolution resolution)
    {
        ServiceOptions options = resolution.Service;
        if (options.Forwarding.IdleTimeout == TimeSpan.Zero)
            yield return "--idle-timeout is off: a connection whose peers stay silent is never closed.";
        if (options.BackendsFile is { } file && BackendsFile.IsWritableByAnyone(file))
            yield return $"{SafeText.Escape(file)} is writable by every user of this system, who can redirect clients.";
        foreach (string key in KeysOf(options.Tls).Where(TextFile.IsReadableByOthers))
            yield return $"{SafeText.Escape(key)} holds a private key and is readable by other users of this system; set its mode to 600.";
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

    /// <summary>The certificates of a service that are not valid now, or not for long.</summary>
    public static IEnumerable<string> OfCertificates(ServiceOptions options, DateTimeOffset now) => (options.Tls.Certificates?.All ?? [])
        .Select(file => file.DescribeValidity(now, CertificateExpiry.Notice)).OfType<string>();

    private static IEnumerable<string> KeysOf(TlsOptions options) =>
        (options.Certificates?.All ?? []).Select(file => file.KeyPath).Distinct();
}
