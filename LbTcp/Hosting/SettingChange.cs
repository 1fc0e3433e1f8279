using LbTcp.Configuration.Settings;

namespace LbTcp.Hosting;

/// <summary>A setting whose value a reload changes.</summary>
/// <param name="Name">The name of the setting, in snake_case.</param>
/// <param name="Old">The value that was in effect, as text.</param>
/// <param name="New">The value that is in effect afterwards, as text.</param>
internal readonly record struct SettingChange(string Name, string Old, string New)
{
    /// <summary>Returns the settings that differ between two lists of the same settings.</summary>
    public static IReadOnlyList<SettingChange> Between(IEnumerable<SettingValue> running, IEnumerable<SettingValue> next) =>
    [
        .. running.Zip(next)
            .Where(pair => pair.First.Text != pair.Second.Text)
            .Select(pair => new SettingChange(pair.First.Name, pair.First.Text, pair.Second.Text)),
    ];
}
