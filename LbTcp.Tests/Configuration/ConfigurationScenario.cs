using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration;

/// <summary>The base of tests that read a configuration from flags, environment and files in a directory of their own.</summary>
public abstract class ConfigurationScenario : IDisposable
{
    /// <summary>A file with one service, web.</summary>
    protected const string One = """{ "services": { "web": { "listen": 80, "backends": "a:1" } } }""";

    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("lbtcp-test-");

    private protected Dictionary<Setting, IReadOnlyList<string>> Flags { get; } = [];

    private protected Dictionary<string, string> Variables { get; } = [];

    private protected string Directory => _directory.FullName;

    public void Dispose()
    {
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads flags and environment.</summary>
    private protected ConfigurationResult Read() => new ConfigurationReader(Flags, Variables).Read();

    /// <summary>Reads flags, environment and a configuration file.</summary>
    private protected ConfigurationResult Read(string file)
    {
        Flags[ServiceSettings.ConfigurationFile] = [file];
        return Read();
    }

    /// <summary>The errors of a configuration file with a text.</summary>
    private protected string[] Errors(string text) => [.. Read(Write("lbtcp.json", text)).Errors.Select(error => error.ToString())];

    /// <summary>Writes a file, and returns its path.</summary>
    private protected string Write(string name, string text)
    {
        string path = Path.Combine(Directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
