using System.Text.RegularExpressions;

namespace LbTcp.Tests.Repository;

/// <summary>Every claim of <c>docs/security.md</c> names the tests that show it.</summary>
public sealed partial class SecurityPageTests
{
    private const string Path = "docs/security.md";

    private static readonly MarkdownPage _page = new(Path);

    public static TheoryData<string> Sections =>
        ["Clients", "Proxies in front", "Backends", "Operators and local users", "Readers of the log"];

    [Fact]
    public void Tests_OfThePage_Exist()
    {
        HashSet<string> tests =
        [
            .. typeof(SecurityPageTests).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods()
                    .Where(method => method.IsDefined(typeof(FactAttribute), inherit: true))
                    .Select(method => $"{type.Name}.{method.Name}")),
        ];

        string[] named = [.. TestName().Matches(RepositoryFiles.Read(Path)).Select(match => match.Value)];

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(tests));
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Claims_OfASection_NameTheirTests(string heading)
    {
        IReadOnlyList<string[]> claims = _page.Rows(heading);

        Assert.NotEmpty(claims);
        Assert.All(claims, cells => Assert.Matches(TestName(), cells[^1]));
    }

    [GeneratedRegex(@"\b[A-Z]\w*Tests\.\w+")]
    private static partial Regex TestName();
}
