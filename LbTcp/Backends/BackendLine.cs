using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Backends;

/// <summary>
/// One backend as an operator writes it: an address and its options, <c>[scheme://]host:port [option]...</c>, with blanks between them in a
/// file and commas on the command line. There are no options yet.
/// </summary>
internal static class BackendLine
{
    /// <summary>Reads a line of a backends file that holds more than blanks and comments.</summary>
    /// <param name="line">The line without its comment.</param>
    /// <param name="address">The backend's address when the line is right.</param>
    /// <param name="error">Otherwise what is wrong with it, in one sentence.</param>
    public static bool TryParseLine(string line, [NotNullWhen(true)] out BackendAddress? address, [NotNullWhen(false)] out string? error) =>
        TryParse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries), "line", out address, out error);

    /// <summary>Reads a value of the command line.</summary>
    /// <param name="value">The value.</param>
    /// <param name="address">The backend's address when the value is right.</param>
    /// <param name="error">Otherwise what is wrong with it, in one sentence.</param>
    public static bool TryParseValue(string value, [NotNullWhen(true)] out BackendAddress? address, [NotNullWhen(false)] out string? error) =>
        TryParse(value.Split(','), "value", out address, out error);

    private static bool TryParse(
        string[] words, string unit, [NotNullWhen(true)] out BackendAddress? address, [NotNullWhen(false)] out string? error)
    {
        if (!BackendAddress.TryParse(words[0], out address, out error))
            return false;
        if (words.Length == 1)
            return true;
        address = null;
        error = $"{Quoted.Text(words[0])} has the unknown option {Quoted.Text(words[1])}; a further backend goes in a {unit} of its own.";
        return false;
    }
}
