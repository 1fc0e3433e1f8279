namespace LbTcp.Tests.Repository;

/// <summary>The limits of the length of lines and files that CONTRIBUTING.md states.</summary>
public sealed class SourceTextTests
{
    private const int LongestLine = 140; // in characters
    private const int LongestFile = 250; // in lines

    private static readonly string[] _textExtensions =
        [".cs", ".md", ".sh", ".py", ".csproj", ".props", ".targets", ".cfg", ".conf", ".js", ".css", ".html"];

    [Fact]
    public void Lines_OfSourcesAndDocuments_AreAtMost140CharactersLong()
    {
        IEnumerable<string> found =
            from file in RepositoryFiles.Below("")
            where IsText(file)
            from line in File.ReadLines(file.FullName).Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > LongestLine && !IsRowOfTable(file, line.Text)
            select $"{RepositoryFiles.PathOf(file)}:{line.Number}: {line.Text.Length} characters";

        AssertNone(found);
    }

    [Theory]
    [InlineData("LbTcp")]
    [InlineData("LbTcp.Tests")]
    public void Files_OfSources_AreAtMost250LinesLong(string folder)
    {
        IEnumerable<string> found =
            from file in RepositoryFiles.Below(folder)
            where file.Extension is ".cs" or ".js" or ".css"
            let length = File.ReadLines(file.FullName).Count()
            where length > LongestFile
            select $"{RepositoryFiles.PathOf(file)}: {length} lines";

        AssertNone(found);
    }

    // Assert.Empty would shorten the list.
    private static void AssertNone(IEnumerable<string> found) => Assert.Equal("", string.Join('\n', found));

    // A file of bench/ without an extension is a script.
    private static bool IsText(FileInfo file) =>
        _textExtensions.Contains(file.Extension) || (file.Extension.Length == 0 && file.Directory!.Name == "bench");

    private static bool IsRowOfTable(FileInfo file, string line) => file.Extension == ".md" && line.StartsWith('|');
}
