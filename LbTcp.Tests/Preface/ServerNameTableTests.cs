using CsCheck;
using LbTcp.Preface;

namespace LbTcp.Tests.Preface;

public sealed class ServerNameTableTests
{
    private static readonly Gen<string> _name =
        Gen.Int[0, 2].Select(i => $"{(char)('a' + i)}").Array[1, 5].Select(labels => string.Join('.', labels));

    private static readonly Gen<string> _pattern = Gen.Select(_name, Gen.Bool, (name, isWildcard) => isWildcard ? $"*.{name}" : name);

    [Theory]
    [InlineData("a.example", "a.example")]
    [InlineData("b.example", "*.example")]
    [InlineData("c.b.example", "*.b.example")]
    [InlineData("d.c.b.example", "*.b.example")]
    [InlineData("x.a.example", "*.example")]
    [InlineData("example", null)]
    [InlineData("b.example.org", null)]
    [InlineData("xb.example", "*.example")]
    public void Find_Name_IsTheMostSpecificPattern(string name, string? expected) =>
        Assert.Equal(expected, Table("*.example", "a.example", "*.b.example").Find(name));

    // Against the definition: the name itself, or else the longest of the domains that it is below.
    [Fact]
    public void Find_AnyPatterns_IsTheMostSpecificThatMatches() => Gen.Select(_pattern.Array[0, 12], _name).Sample((patterns, name) =>
    {
        string? expected = patterns.Contains(name)
            ? name
            : patterns
                .Where(pattern => pattern[0] == '*' && name.EndsWith(pattern[1..], StringComparison.Ordinal))
                .MaxBy(pattern => pattern.Length);

        Assert.Equal(expected, Table(patterns).Find(name));
    });

    private static ServerNameTable<string> Table(params string[] patterns) =>
        new(patterns.Select(pattern => KeyValuePair.Create(pattern, pattern)));
}
