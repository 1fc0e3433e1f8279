namespace LbTcp.Configuration.Sources;

/// <summary>Reads the certificates that a configuration names. Each is read once, however many services name it.</summary>
/// <param name="errors">Receives what is wrong with the files.</param>
internal sealed class CertificateReader(List<ConfigurationError> errors)
{
    private readonly Dictionary<(string Path, string? KeyPath), CertificateFile?> _read = [];

    /// <summary>The files that were read or should have been.</summary>
    public IEnumerable<string> Paths => _read.Keys.SelectMany(key => new[] { key.Path, key.KeyPath }).OfType<string>();

    /// <summary>Returns a certificate with its key; null if it cannot be used, which is reported once.</summary>
    /// <param name="path">The file of the certificate; relative to the working directory.</param>
    /// <param name="keyPath">The file of the key; null if it is in the same file.</param>
    public CertificateFile? Read(string path, string? keyPath)
    {
        if (_read.TryGetValue((path, keyPath), out CertificateFile? known))
            return known;
        if (!CertificateFile.TryRead(path, keyPath, out CertificateFile? file, out ConfigurationError? error))
            errors.Add(error);
        return _read[(path, keyPath)] = file;
    }
}
