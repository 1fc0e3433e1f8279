using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Repository;

/// <summary>The set-ups in <c>docs/examples</c> are valid. A new one needs a row here.</summary>
public sealed class ExamplesTests : IDisposable
{
    // The services of each, with their numbers of backends.
    private static readonly Dictionary<string, string> _services = new()
    {
        ["kubernetes.yaml"] = "api 1",
        ["postgresql.json"] = "postgresql 2",
        ["redis.json"] = "redis 2",
        ["services.json"] = "web 4, mail 2, git 2",
        ["web.txt"] = "default 4",
    };

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Examples => [.. _services.Keys];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_OfTheRepository_IsValidWithoutWarnings(string name)
    {
        ConfigurationResult configuration = Read(name);

        Assert.Empty(configuration.Errors);
        Assert.Empty(configuration.Warnings);
        IReadOnlyList<ServiceOptions> services = configuration.Options!.Services;
        Assert.Empty(services.SelectMany(WarningsOf));
        Assert.Equal(_services[name], string.Join(", ", services.Select(service => $"{service.Name} {service.Backends.Count}")));
    }

    [Fact]
    public void Examples_OfTheRepository_AreAllRead() => Assert.Equal(
        _services.Keys.Order(StringComparer.Ordinal),
        RepositoryFiles.Below("docs/examples").Select(file => file.Name).Order(StringComparer.Ordinal));

    // Only the options count here, no address.
    private static IEnumerable<string> WarningsOf(ServiceOptions service) =>
        StartWarnings.Of(new Resolution(service, [], Discovery: null!));

    private ConfigurationResult Read(string name)
    {
        string path = Path.Combine(RepositoryFiles.Root.FullName, "docs", "examples", name);
        if (name.EndsWith(".yaml", StringComparison.Ordinal))
            path = _directory.Write("lbtcp.json", JsonIn(File.ReadAllLines(path)));
        bool isList = name.EndsWith(".txt", StringComparison.Ordinal);
        Setting setting = isList ? ServiceSettings.BackendsFile : ServiceSettings.ConfigurationFile;
        return new ConfigurationReader(
            new Dictionary<Setting, IReadOnlyList<string>> { [setting] = [path] }, new Dictionary<string, string>()).Read();
    }

    // The value of the key lbtcp.json in a ConfigMap, a block of indented lines.
    private static string JsonIn(string[] lines) => string.Join('\n', lines
        .SkipWhile(line => line != "  lbtcp.json: |")
        .Skip(1)
        .TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal)));
}
