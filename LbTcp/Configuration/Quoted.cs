namespace LbTcp.Configuration;

/// <summary>Text from outside, made fit for a message.</summary>
internal static class Quoted
{
    private const int LongestQuote = 80;

    /// <summary>The text in single quotes, control characters escaped, cut when it is very long.</summary>
    public static string Text(string text) =>
        $"'{SafeText.Escape(text.Length > LongestQuote ? string.Concat(text.AsSpan(0, LongestQuote), "...") : text)}'";
}
