namespace LbTcp.Diagnostics;

/// <summary>Converts names in code to names of log fields: <c>EndedBy</c> becomes <c>ended_by</c>.</summary>
internal static class SnakeCase
{
    /// <summary>Returns the maximum length of the result for a name of the given length.</summary>
    public static int LongestResult(int length) => 2 * length;

    /// <summary>Writes <paramref name="name"/> in snake_case; an underscore goes before every upper-case letter but the first.</summary>
    /// <param name="name">A name in PascalCase or camelCase.</param>
    /// <param name="destination">Receives the result; at least as long as <see cref="LongestResult"/> returns.</param>
    /// <returns>The number of characters written.</returns>
    public static int Convert(ReadOnlySpan<char> name, Span<char> destination)
    {
        int length = 0;
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && length > 0)
                destination[length++] = '_';
            destination[length++] = char.ToLowerInvariant(c);
        }

        return length;
    }
}
