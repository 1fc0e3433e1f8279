namespace LbTcp.Tests.TestDoubles;

/// <summary>An empty directory that is deleted with everything in it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    /// <summary>The path of the directory.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("lbtcp-").FullName;

    /// <summary>The path of an entry.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
