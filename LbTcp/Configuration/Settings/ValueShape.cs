namespace LbTcp.Configuration.Settings;

/// <summary>What the values of a setting look like to a program that knows nothing else of them, such as an editor with a schema.</summary>
/// <param name="Words">The only values, unless there is a pattern for others; null for none.</param>
/// <param name="Least">The least number; null unless the value is a whole number.</param>
/// <param name="Most">The greatest number; null unless the value is a whole number.</param>
/// <param name="Pattern">A regular expression that every text but the words matches; null for any text.</param>
/// <param name="IsSwitch">Whether true and false stand for on and off where a value has a type.</param>
internal sealed record ValueShape(
    IReadOnlyList<string>? Words = null, int? Least = null, int? Most = null, string? Pattern = null, bool IsSwitch = false)
{
    /// <summary>Any text.</summary>
    public static ValueShape Text { get; } = new();
}
