namespace LbTcp.Configuration.Settings;

/// <summary>Settings that belong together in the help and in documentation.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Settings">The settings, in the order in which they are shown.</param>
internal sealed record SettingGroup(string Title, IReadOnlyList<Setting> Settings);
