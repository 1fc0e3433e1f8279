namespace LbTcp.Tests.Repository;

/// <summary>The commands and configurations of <c>docs/recipes.md</c>, with the addresses and files of a test in their place.</summary>
internal sealed class RecipePage
{
    private const string Indent = "    ";
    private static readonly Lazy<IReadOnlyList<RecipePage>> _all = new(() => [.. Sections().Select(lines => new RecipePage(lines))]);

    private readonly string[] _blocks;

    private RecipePage(string[] section)
    {
        Heading = section[0];
        _blocks = [.. Blocks(section)];
    }

    /// <summary>All recipes, in the order of the page.</summary>
    public static IReadOnlyList<RecipePage> All => _all.Value;

    /// <summary>The heading of the recipe.</summary>
    public string Heading { get; }

    /// <summary>The recipe with this heading.</summary>
    public static RecipePage Of(string heading) => All.Single(recipe => recipe.Heading == heading);

    /// <summary>The arguments of its command.</summary>
    /// <param name="replacements">Pairs of a text that the command contains and the test's text for it.</param>
    public string[] Arguments(params (string Page, string Test)[] replacements)
    {
        string command = Assert.Single(_blocks, IsCommand);
        string[] words = Replace(command, replacements).Split((char[])[' ', '\n', '\\'], StringSplitOptions.RemoveEmptyEntries);
        return words[1..];
    }

    /// <summary>The configuration of the other program.</summary>
    /// <param name="replacements">See <see cref="Arguments"/>.</param>
    public string OtherProgram(params (string Page, string Test)[] replacements) =>
        Replace(Assert.Single(_blocks, block => !IsCommand(block)), replacements);

    private static bool IsCommand(string block) => block.StartsWith("lbtcp ", StringComparison.Ordinal);

    private static string Replace(string text, (string Page, string Test)[] replacements)
    {
        foreach ((string page, string test) in replacements)
        {
            Assert.Contains(page, text, StringComparison.Ordinal);
            text = text.Replace(page, test, StringComparison.Ordinal);
        }

        return text;
    }

    private static IEnumerable<string[]> Sections() => RepositoryFiles.Read("docs/recipes.md")
        .ReplaceLineEndings("\n")
        .Split("\n## ")
        .Skip(1)
        .Select(section => section.Split('\n'));

    // Consecutive indented lines.
    private static IEnumerable<string> Blocks(string[] section)
    {
        var block = new List<string>();
        foreach (string line in section.Append(""))
        {
            if (line.StartsWith(Indent, StringComparison.Ordinal))
            {
                block.Add(line[Indent.Length..]);
            }
            else if (block.Count > 0)
            {
                yield return string.Join('\n', block);
                block.Clear();
            }
        }
    }
}
