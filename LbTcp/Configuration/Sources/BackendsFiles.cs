namespace LbTcp.Configuration.Sources;

/// <summary>The backends files of a configuration. Each is read once, however many services name it.</summary>
/// <param name="errors">Receives what is wrong with the files.</param>
internal sealed class BackendsFiles(List<ConfigurationError> errors)
{
    private readonly Dictionary<string, IReadOnlyList<BackendOptions>> _read = new(StringComparer.Ordinal);

    /// <summary>The files that were read or should have been.</summary>
    public IEnumerable<string> Paths => _read.Keys;

    /// <summary>Remembers a file that would be read if it existed.</summary>
    public void Miss(string path) => _ = _read.TryAdd(path, []);

    /// <summary>Returns the backends of a file; none if it cannot be used, which is reported.</summary>
    /// <param name="path">The file; relative to the working directory.</param>
    public IReadOnlyList<BackendOptions> Read(string path)
    {
        if (_read.TryGetValue(path, out IReadOnlyList<BackendOptions>? known))
            return known;
        if (!BackendsFile.TryRead(path, out IReadOnlyList<BackendOptions>? backends, out IReadOnlyList<ConfigurationError> mistakes))
            errors.AddRange(mistakes);
        return _read[path] = backends ?? [];
    }
}
