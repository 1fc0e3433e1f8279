using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>A setting that differs between two options records.</summary>
/// <param name="Name">The name of the setting.</param>
/// <param name="Old">The value before, as it is written; what applies without a value if it had none.</param>
/// <param name="New">The value after, likewise.</param>
internal sealed record SettingChange(string Name, string Old, string New);

/// <summary>What differs between two options of one backend, for the log of a reload and for <c>lbtcp check --against</c>.</summary>
internal static class BackendDifference
{
    /// <summary>Compares two options.</summary>
    /// <returns>
    /// The settings that differ, in the order of <see cref="BackendSettings.All"/>, after the address if its text differs.
    /// </returns>
    public static IReadOnlyList<SettingChange> Between(BackendOptions before, BackendOptions after)
    {
        IEnumerable<SettingChange> all = BackendKeys.Texts(before).Zip(
            BackendKeys.Texts(after), (old, @new) => new SettingChange(old.Name, old.Value, @new.Value));
        return [.. all.Prepend(new("address", before.Address.Text, after.Address.Text)).Where(change => change.Old != change.New)];
    }
}
