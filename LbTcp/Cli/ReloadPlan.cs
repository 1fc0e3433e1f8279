using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Cli;

/// <summary>What a reload would change, in the words of its log lines.</summary>
internal static class ReloadPlan
{
    /// <summary>Describes the change from one list of backends to another, as the pool would carry it out.</summary>
    /// <returns>
    /// One line per added, removed or changed backend (per changed setting of it) and the number of unchanged ones; one line if nothing
    /// but the order or the comments differ.
    /// </returns>
    public static IEnumerable<string> Describe(IReadOnlyList<BackendOptions> before, IReadOnlyList<BackendOptions> after)
    {
        PoolChange change = new BackendPool(before).Apply(after);
        if (change.Added.Count + change.Removed.Count + change.Changed.Count == 0)
            return ["no change"];
        return
        [
            .. change.Added.Select(added => $"added backend={added.Name} address={Address(added)} weight={added.Options.Weight}"),
            .. change.Changed.SelectMany(changed => BackendDifference.Between(changed.Old, changed.New)
                .Select(setting => $"changed backend={changed.Backend.Name} {setting.Name}={Value(setting.New)} was={Value(setting.Old)}")),
            .. change.Removed.Select(removed => $"removed backend={removed.Name} address={Address(removed)}"),
            $"unchanged {change.Unchanged.Count}",
        ];
    }

    private static string Address(Backend backend) => backend.Options.Address.HostAndPort;

    // What applies without a value may be several words.
    private static string Value(string text) => text.Contains(' ') ? $"\"{text}\"" : text;
}
