namespace LbTcp.Configuration.Settings;

/// <summary>What the values of a setting look like to a program that knows nothing else of them, such as an editor with a schema.</summary>
/// <param name="Words">The only values; null if there are others.</param>
/// <param name="Least">The least number; null unless the value is a whole number.</param>
/// <param name="Most">The greatest number; null unless the value is a whole number.</param>
/// <param name="Pattern">A regular expression that every text matches; null for any text.</param>
internal sealed record ValueShape(IReadOnlyList<string>? Words = null, int? Least = null, int? Most = null, string? Pattern = null)
{
    /// <summary>Any text.</summary>
    public static ValueShape Text { get; } = new();
}
