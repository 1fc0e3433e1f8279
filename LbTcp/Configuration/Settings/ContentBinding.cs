namespace LbTcp.Configuration.Settings;

/// <summary>Connects a setting that names files with the property of the options that holds what was read from them.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Get">Returns the content that options hold; null without a file.</param>
internal sealed record ContentBinding(Setting Setting, Func<ServiceOptions, FileContent?> Get)
{
    /// <summary>
    /// Returns the change of the content between two options; null if it is the same, or if there is none before or after.
    /// </summary>
    public SettingChange? Between(ServiceOptions before, ServiceOptions after) =>
        Get(before) is { } old && Get(after) is { } next && !old.Equals(next)
            ? new SettingChange(Setting.Name, old.ToString(), next.ToString())
            : null;
}
