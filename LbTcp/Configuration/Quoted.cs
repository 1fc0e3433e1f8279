namespace LbTcp.Configuration;

/// <summary>Quotes text from outside in messages.</summary>
internal static class Quoted
{
    private const int LongestQuote = 80;

    /// <summary>The text in single quotes, control characters escaped, cut at 80 characters.</summary>
    public static string Text(string text) => $"'{Cut(text)}'";

    /// <summary>As <see cref="Text"/>, in the double quotes in which JSON writes a key.</summary>
    public static string Key(string text) => $"\"{Cut(text)}\"";

    /// <summary>The text without quotes, control characters escaped, cut at 80 characters.</summary>
    public static string Cut(string text) =>
        SafeText.Escape(text.Length > LongestQuote ? string.Concat(text.AsSpan(0, LongestQuote), "...") : text);
}
