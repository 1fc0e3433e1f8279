using LbTcp.Configuration;

namespace LbTcp.Backends;

/// <summary>
/// The backends that serve the same server names, as of one snapshot of their pool. A backend is in several groups if it shares only some
/// of its names with others. Those that serve no names in particular are the default group.
/// </summary>
/// <param name="Names">The names and <c>*.domain</c> patterns that all of its backends have; none for the default group.</param>
/// <param name="Pool">The backends of the group, with their own tiers: a group does not see the backends of the others.</param>
internal sealed record BackendGroup(IReadOnlyList<string> Names, PoolSnapshot Pool)
{
    /// <summary>The key of the default group.</summary>
    public const string DefaultKey = "";

    /// <summary>What the group is recognized by in the next snapshot: its names.</summary>
    public string Key { get; } = KeyOf(Names);

    /// <summary>Whether it serves the clients for whose server name there is no other group.</summary>
    public bool IsDefault => Names.Count == 0;

    /// <summary>Returns the key of the group with the given names.</summary>
    public static string KeyOf(IReadOnlyList<string> names) => string.Join('/', names);

    /// <summary>Divides a pool into groups.</summary>
    /// <returns>The groups that have backends, the default group first; that one alone while no backend has a server name.</returns>
    public static IReadOnlyList<BackendGroup> Of(PoolSnapshot pool)
    {
        var unnamed = new List<int>();
        var named = new Dictionary<ServerNames, List<int>>();
        for (int i = 0; i < pool.All.Count; i++)
        {
            if (pool.All[i].Options.ServerNames is not { } names)
                unnamed.Add(i);
            else if (named.TryGetValue(names, out List<int>? sharing))
                sharing.Add(i);
            else
                named.Add(names, [i]);
        }

        if (named.Count == 0)
            return [new BackendGroup([], pool)];
        IEnumerable<BackendGroup> groups = Classes(named.Keys)
            .Select(names => new BackendGroup(names.Patterns, pool.Part([.. names.Lists.SelectMany(list => named[list]).Order()])));
        return unnamed.Count == 0 ? [.. groups] : [new BackendGroup([], pool.Part(unnamed)), .. groups];
    }

    // Patterns that occur in the same lists have the same backends.
    private static IEnumerable<(string[] Patterns, ServerNames[] Lists)> Classes(IEnumerable<ServerNames> lists)
    {
        (ServerNames List, int Number)[] numbered = [.. lists.Select((list, number) => (list, number))];
        return numbered
            .SelectMany(each => each.List.All, (each, pattern) => (Pattern: pattern, each))
            .GroupBy(listed => listed.Pattern, listed => listed.each)
            .GroupBy(lists => string.Join(' ', lists.Select(each => each.Number)))
            .Select(patterns => (
                patterns.Select(lists => lists.Key).Order(StringComparer.Ordinal).ToArray(),
                patterns.First().Select(each => each.List).ToArray()));
    }
}
