using System.Buffers;
using System.Globalization;
using System.Text;

namespace LbTcp.Diagnostics;

/// <summary>
/// The template of a log message: prose, then fields, as in <c>listening on {Address} backends={Backends}</c>. The prose is the message of
/// the record; a value inside it is not repeated as a field.
/// </summary>
internal readonly struct LogTemplate
{
    private static readonly SearchValues<char> _fieldName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    private readonly string _template;
    private readonly int _proseLength;

    /// <summary>Splits <paramref name="template"/> where its first <c> name={Value}</c> begins.</summary>
    public LogTemplate(string template)
    {
        _template = template;
        _proseLength = StartOfFields(template);
    }

    /// <summary>Returns the prose with its values.</summary>
    public string Message(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        ReadOnlySpan<char> rest = _template.AsSpan(0, _proseLength);
        var message = new StringBuilder();
        while (rest.IndexOf('{') is >= 0 and int open && rest[open..].IndexOf('}') is > 0 and int length)
        {
            message.Append(rest[..open]).Append(TextOf(rest.Slice(open + 1, length - 1), values));
            rest = rest[(open + length + 1)..];
        }

        return message.Append(rest).ToString();
    }

    /// <summary>Returns whether the value is part of the prose.</summary>
    public bool IsInProse(string name) => IndexOf(name) is >= 0 and int index && index < _proseLength;

    /// <summary>Returns the format that the template gives for a value, such as <c>x</c> in <c>{Id:x}</c>; null if it gives none.</summary>
    public string? FormatOf(string name)
    {
        int end = IndexOf(name) + 1 + name.Length;
        return end > name.Length && _template[end] == ':' ? _template[(end + 1).._template.IndexOf('}', end)] : null;
    }

    private int IndexOf(string name)
    {
        int index = _template.IndexOf($"{{{name}}}", StringComparison.Ordinal);
        return index >= 0 ? index : _template.IndexOf($"{{{name}:", StringComparison.Ordinal);
    }

    private static string? TextOf(ReadOnlySpan<char> placeholder, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        int colon = placeholder.IndexOf(':');
        ReadOnlySpan<char> name = colon < 0 ? placeholder : placeholder[..colon];
        foreach ((string key, object? value) in values)
        {
            if (name.SequenceEqual(key))
                return TextOf(value, colon < 0 ? null : placeholder[(colon + 1)..].ToString());
        }

        return $"{{{placeholder}}}";
    }

    private static string? TextOf(object? value, string? format) => value switch
    {
        null => "none",
        TimeSpan duration when format is null => DurationText.Of(duration),
        IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static int StartOfFields(string template)
    {
        for (int equals = IndexOfField(template, 0); equals >= 0; equals = IndexOfField(template, equals + 1))
        {
            int blank = template.LastIndexOf(' ', equals);
            if (blank >= 0 && !template.AsSpan(blank + 1, equals - blank - 1).ContainsAnyExcept(_fieldName))
                return blank;
        }

        return template.Length;
    }

    private static int IndexOfField(string template, int start) => template.IndexOf("={", start, StringComparison.Ordinal);
}
