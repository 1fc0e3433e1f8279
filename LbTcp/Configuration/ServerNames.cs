using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration;

/// <summary>
/// Server names that select a backend: host names, and <c>*.domain</c> for all names below a domain. Joined by <c>/</c> where they are
/// written, which occurs in no name and needs no quotes in a shell. In lower case, without a final dot.
/// </summary>
internal sealed record ServerNames
{
    /// <summary>What the pattern of all names below a domain begins with.</summary>
    public const string Wildcard = "*.";

    private ServerNames(IReadOnlyList<string> all) => All = all;

    /// <summary>The names, as they were given.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Reads names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="names">The names, at least one, none twice.</param>
    /// <param name="error">Otherwise what is wrong, in one sentence that quotes <paramref name="text"/>.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ServerNames? names, [NotNullWhen(false)] out string? error)
    {
        names = null;
        error = null;
        List<string> all = [];
        foreach (string part in text.Split('/'))
        {
            bool isWildcard = part.StartsWith(Wildcard, StringComparison.Ordinal);
            if (!Hosts.TryParseName(isWildcard ? part[Wildcard.Length..] : part, out string? name, out _))
                error ??= $"{Quoted.Text(part)} is not a host name or *.domain.";
            else if (all.Contains(Normal(name, isWildcard)))
                error ??= $"{Quoted.Text(part)} is given twice.";
            else
                all.Add(Normal(name, isWildcard));
        }

        if (error is null)
            names = new ServerNames(all);
        return names is not null;
    }

    /// <summary>Whether both have the same names in the same order.</summary>
    public bool Equals(ServerNames? other) => other is not null && All.SequenceEqual(other.All);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(All[0], StringComparison.Ordinal);

    /// <summary>The names as they are read.</summary>
    public override string ToString() => string.Join('/', All);

    private static string Normal(string name, bool isWildcard) => (isWildcard ? Wildcard : "") + name.TrimEnd('.');
}
