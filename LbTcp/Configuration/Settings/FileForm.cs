namespace LbTcp.Configuration.Settings;

/// <summary>The name of a file.</summary>
internal static class FileForm
{
    /// <summary>A file that must be given.</summary>
    public static TextForm Required { get; } =
        new("FILE", "the name of a file", path => path.Length == 0 ? "the name of the file is empty." : null);

    /// <summary>A file that may be absent.</summary>
    /// <param name="absent">What applies without it.</param>
    public static OptionalTextForm Optional(string absent) => new(Required, absent);
}
