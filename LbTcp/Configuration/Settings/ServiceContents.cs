namespace LbTcp.Configuration.Settings;

/// <summary>The settings of a service that name files whose content is a part of the options.</summary>
internal static class ServiceContents
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ContentBinding> All { get; } =
    [
        new(AdmissionSettings.AccessFile, options => options.Admission.FileRules),
    ];

    /// <summary>
    /// Returns the settings that differ between two options, and those with the same value whose files have another content.
    /// </summary>
    public static IReadOnlyList<SettingChange> ChangesBetween(ServiceOptions before, ServiceOptions after)
    {
        IReadOnlyList<SettingChange> values = SettingChange.Between(ServiceBindings.All, before, after);
        return
        [
            .. values,
            .. All.Where(content => values.All(change => change.Name != content.Setting.Name))
                .Select(content => content.Between(before, after))
                .OfType<SettingChange>(),
        ];
    }
}
