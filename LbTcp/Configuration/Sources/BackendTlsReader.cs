namespace LbTcp.Configuration.Sources;

/// <summary>Completes backends with what the files that their TLS options name hold.</summary>
/// <param name="files">Reads the files.</param>
internal sealed class BackendTlsReader(ConfigurationFiles files)
{
    /// <summary>Resolves the paths and reads the files.</summary>
    /// <param name="backends">The backends.</param>
    /// <param name="pathOf">Resolves a path that was written where the backends were.</param>
    public IReadOnlyList<BackendOptions> Complete(IReadOnlyList<BackendOptions> backends, Func<string, string> pathOf) =>
        backends.Any(NamesFiles) ? [.. backends.Select(backend => NamesFiles(backend) ? Complete(backend, pathOf) : backend)] : backends;

    private static bool NamesFiles(BackendOptions backend) => (backend.TlsCaFile ?? backend.TlsCertificateFile) is not null;

    private BackendOptions Complete(BackendOptions backend, Func<string, string> pathOf)
    {
        BackendOptions resolved = backend with
        {
            TlsCaFile = Resolve(backend.TlsCaFile),
            TlsCertificateFile = Resolve(backend.TlsCertificateFile),
            TlsKeyFile = Resolve(backend.TlsKeyFile),
        };
        return resolved with
        {
            TlsFiles = new BackendTlsFiles(
                resolved.TlsCaFile is { } authorities ? files.Authorities.Read(authorities) : null,
                resolved.TlsCertificateFile is { } certificate ? files.Certificates.Read(certificate, resolved.TlsKeyFile) : null),
        };

        string? Resolve(string? path) => path is null ? null : pathOf(path);
    }
}
