namespace LbTcp.Configuration.Settings;

/// <summary>A list of values as one text that keeps them apart: a value may contain blanks, such as the name of a file.</summary>
internal static class ListText
{
    private const char Separator = '\0'; // occurs in no value that is of any use

    /// <summary>Joins the texts of values.</summary>
    public static string Join(IEnumerable<string> values) => string.Join(Separator, values);

    /// <summary>Returns the texts of the values.</summary>
    public static string[] Split(string text) => text.Split(Separator, StringSplitOptions.RemoveEmptyEntries);
}
