using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>Completes the TLS settings of a service with what the files that they name hold, and reports contradictions.</summary>
/// <param name="layers">The settings of the service.</param>
/// <param name="files">Reads the files.</param>
/// <param name="errors">Receives what is wrong.</param>
internal sealed class TlsReader(SettingLayers layers, ConfigurationFiles files, List<ConfigurationError> errors)
{
    /// <summary>Resolves the paths and reads the files.</summary>
    public ServiceOptions Complete(ServiceOptions options)
    {
        TlsOptions tls = options.Tls with
        {
            CertificateFiles = PathsOf(TlsSettings.Certificates, options.Tls.CertificateFiles),
            KeyFiles = PathsOf(TlsSettings.Keys, options.Tls.KeyFiles),
            ClientCaFile = options.Tls.ClientCaFile is { } ca ? PathsOf(TlsSettings.ClientCa, [ca])[0] : null,
        };
        if (FindProblem(tls) is { } problem && layers.Find(problem.Wrong)?.Origin is { } origin)
        {
            if (!layers.IsRefused(problem.Missing))
                errors.Add(origin.Error(problem.Describe(origin.NameOf(problem.Missing))));
            return options;
        }

        return options with
        {
            Tls = tls with
            {
                Certificates = ReadCertificates(tls),
                ClientAuthorities = tls.ClientCaFile is { } file ? files.Authorities.Read(file) : null,
            },
        };
    }

    // What is missing may have been refused, which is reported already.
    private static (Setting Wrong, Setting Missing, Func<string, string> Describe)? FindProblem(TlsOptions tls)
    {
        bool verifiesClients = tls.VerifyClient is not TlsClientVerification.None;
        if (!tls.IsOn && tls.KeyFiles.Count > 0)
            return (TlsSettings.Keys, TlsSettings.Certificates, WithoutEffect);
        if (tls.KeyFiles.Count > 0 && tls.KeyFiles.Count != tls.CertificateFiles.Count)
        {
            return (TlsSettings.Keys, TlsSettings.Certificates, _ =>
                $" names {Files(tls.KeyFiles.Count)} for {Files(tls.CertificateFiles.Count)} of certificates; "
                + "give one for each, or put each key into the file of its certificate.");
        }

        if (!tls.IsOn && verifiesClients)
            return (TlsSettings.VerifyClient, TlsSettings.Certificates, WithoutEffect);
        if (tls.ClientCaFile is null && verifiesClients)
        {
            return (TlsSettings.VerifyClient, TlsSettings.ClientCa, authorities =>
                $" needs {authorities}, the authorities that issue certificates of clients.");
        }

        if (tls.ClientCaFile is not null && !verifiesClients)
            return (TlsSettings.ClientCa, TlsSettings.VerifyClient, WithoutEffect);
        return null;

        static string WithoutEffect(string missing) => $" has no effect without {missing}.";
        static string Files(int count) => count == 1 ? "1 file" : $"{count} files";
    }

    private CertificateSet? ReadCertificates(TlsOptions tls)
    {
        CertificateFile?[] read =
        [
            .. tls.CertificateFiles.Select((path, index) =>
                files.Certificates.Read(path, tls.KeyFiles.Count > 0 ? tls.KeyFiles[index] : null)),
        ];
        return read.Length > 0 && !read.Contains(null) ? new CertificateSet([.. read.OfType<CertificateFile>()]) : null;
    }

    private ValueList<string> PathsOf(Setting setting, IReadOnlyList<string> paths) =>
        new(layers.Find(setting)?.Origin is { } origin ? paths.Select(origin.PathOf) : paths);
}
