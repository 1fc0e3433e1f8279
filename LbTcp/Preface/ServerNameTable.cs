using LbTcp.Configuration;

namespace LbTcp.Preface;

/// <summary>
/// Finds what the most specific pattern stands for that a server name matches: the name itself, or else the longest domain of a
/// <c>*.domain</c> that the name is below, at any depth. Immutable.
/// </summary>
/// <typeparam name="T">What patterns stand for.</typeparam>
internal sealed class ServerNameTable<T>
    where T : class
{
    private readonly Dictionary<string, T> _names = [];
    private readonly Dictionary<string, T> _domains = [];

    /// <summary>Creates the table. Of a pattern that is given twice, the last one counts.</summary>
    /// <param name="patterns">Host names and <c>*.domain</c>, in lower case, without a final dot.</param>
    public ServerNameTable(IEnumerable<KeyValuePair<string, T>> patterns)
    {
        foreach ((string pattern, T value) in patterns)
        {
            if (pattern.StartsWith(ServerNames.Wildcard, StringComparison.Ordinal))
                _domains[pattern[ServerNames.Wildcard.Length..]] = value;
            else
                _names[pattern] = value;
        }
    }

    /// <summary>Returns what the most specific pattern stands for that <paramref name="name"/> matches; null if there is none.</summary>
    /// <param name="name">A host name in lower case, without a final dot.</param>
    public T? Find(string name)
    {
        if (_names.TryGetValue(name, out T? value))
            return value;
        Dictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> domains = _domains.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> domain = name;
        for (int dot = domain.IndexOf('.'); dot >= 0; dot = domain.IndexOf('.'))
        {
            domain = domain[(dot + 1)..];
            if (domains.TryGetValue(domain, out value))
                return value;
        }

        return null;
    }
}
