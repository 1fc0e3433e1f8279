namespace LbTcp.Configuration.Settings;

/// <summary>Two settings whose values, each of them right, contradict each other.</summary>
/// <param name="Wrong">The setting to change.</param>
/// <param name="Value">Its value as it is written.</param>
/// <param name="Relation">How its value relates to that of the other setting: "shorter than".</param>
/// <param name="Other">The other setting.</param>
/// <param name="OtherValue">The value of the other setting as it is written.</param>
internal sealed record SettingConflict(Setting Wrong, string Value, string Relation, Setting Other, string OtherValue);
