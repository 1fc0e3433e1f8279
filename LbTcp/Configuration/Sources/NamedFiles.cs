namespace LbTcp.Configuration.Sources;

/// <summary>The files of one kind that a configuration names. Each is read once, however many services name it.</summary>
/// <typeparam name="T">What is read from a file.</typeparam>
/// <param name="read">Reads a file; null if it cannot be used, which it reports.</param>
internal sealed class NamedFiles<T>(Func<string, T?> read)
    where T : class
{
    private readonly Dictionary<string, T?> _read = new(StringComparer.Ordinal);

    /// <summary>The files that were read or should have been.</summary>
    public IEnumerable<string> Paths => _read.Keys;

    /// <summary>Remembers a file that would be read if it existed.</summary>
    public void Miss(string path) => _ = _read.TryAdd(path, null);

    /// <summary>Returns what a file holds; null if it cannot be used, which is reported once.</summary>
    /// <param name="path">The file; relative to the working directory.</param>
    public T? Read(string path) => _read.TryGetValue(path, out T? known) ? known : _read[path] = read(path);
}
