namespace LbTcp.Diagnostics;

/// <summary>Writes the names of code as the names of log fields: <c>EndedBy</c> becomes <c>ended_by</c>.</summary>
internal static class SnakeCase
{
    /// <summary>How long the result for a name of the given length can get.</summary>
    public static int LongestResult(int length) => 2 * length;

    /// <summary>Writes <paramref name="name"/> in snake_case; an underscore goes before every upper-case letter but the first.</summary>
    /// <param name="name">A name in PascalCase or camelCase.</param>
    /// <param name="destination">Takes the result; as long as <see cref="LongestResult"/> says.</param>
    /// <returns>How many characters were written.</returns>
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
