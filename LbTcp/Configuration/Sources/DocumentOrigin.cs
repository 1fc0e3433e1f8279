using System.Globalization;
using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>A place in a configuration file as the origin of a value. Line and column are computed when they are asked for.</summary>
/// <param name="document">The file.</param>
/// <param name="offset">The place, in bytes from the start of the document.</param>
/// <param name="path">The keys that lead to the value: <c>services.web.rise</c>; empty for the whole file.</param>
internal sealed class DocumentOrigin(DocumentText document, int offset, string path) : Origin(path)
{
    /// <inheritdoc/>
    public override ConfigurationError Error(string predicate)
    {
        (int line, int column, string text) = document.PlaceOf(offset);
        string message = Name.Length == 0 ? predicate.TrimStart(':', ' ') : Name + predicate;
        return new ConfigurationError(document.Name, message, line, column, text);
    }

    /// <inheritdoc/>
    public override string NameOf(Setting setting) => setting.Name;

    /// <inheritdoc/>
    public override string PathOf(string file) => Path.Combine(Path.GetDirectoryName(document.FilePath) ?? "", file);

    /// <inheritdoc/>
    public override string ToString()
    {
        (int line, int column, _) = document.PlaceOf(offset);
        return string.Create(CultureInfo.InvariantCulture, $"{document.Name}:{line}:{column} ({Name})");
    }
}
