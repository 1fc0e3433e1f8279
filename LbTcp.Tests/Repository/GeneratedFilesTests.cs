using LbTcp.Configuration;
using LbTcp.Configuration.Sources;

namespace LbTcp.Tests.Repository;

/// <summary>
/// Files that are generated from the settings, and from the API, are those in the repository. With the environment variable
/// LBTCP_TESTS_WRITE the tests write them instead.
/// </summary>
public class GeneratedFilesTests
{
    private static readonly bool _isWriting = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LBTCP_TESTS_WRITE"));

    [Fact]
    public void Schema_IsThatOfTheSettings() => AssertIsUpToDate("docs/lbtcp.schema.json", _ => ConfigurationSchema.Write());

    [Fact]
    public void SettingsPage_IsThatOfTheSettings() => AssertIsUpToDate("docs/configuration.md", SettingsPage.ReplaceIn);

    [Fact]
    public void ApiDescription_IsThatOfTheRoutesAndRecords() =>
        AssertIsUpToDate("LbTcp/Admin/Api/openapi.json", _ => ApiDescription.Write());

    [Fact]
    public void Example_OfTheConfigurationPage_HasNoMistake()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root.FullName, "docs", "configuration.md"));
        string example = page.Split("```json")[1].Split("```")[0];
        List<ConfigurationError> errors = [];
        Assert.Equal(2, ConfigurationFile.Parse("lbtcp.json", example, errors)?.Services.Count);
        Assert.Empty(errors);
    }

    private static void AssertIsUpToDate(string name, Func<string, string> generate)
    {
        string path = Path.Combine(RepositoryFiles.Root.FullName, name);
        string present = File.Exists(path) ? File.ReadAllText(path) : "";
        string expected = generate(present);
        if (_isWriting)
            File.WriteAllText(path, expected);
        else
            Assert.Equal(expected, present);
    }
}
