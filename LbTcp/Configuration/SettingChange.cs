using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>A setting that differs between two options records.</summary>
/// <param name="Name">The name of the setting.</param>
/// <param name="Old">The value before, as it is written; what applies without a value if it had none.</param>
/// <param name="New">The value after, likewise.</param>
internal sealed record SettingChange(string Name, string Old, string New)
{
    /// <summary>Returns the settings that differ between two options, in the order of their bindings.</summary>
    public static IReadOnlyList<SettingChange> Between<TOptions>(
        IEnumerable<SettingBinding<TOptions>> bindings, TOptions before, TOptions after)
        where TOptions : class =>
    [
        .. bindings
            .Select(binding => new SettingChange(
                binding.Setting.Name,
                binding.Format(before) ?? binding.Setting.DefaultText,
                binding.Format(after) ?? binding.Setting.DefaultText))
            .Where(change => change.Old != change.New),
    ];
}
