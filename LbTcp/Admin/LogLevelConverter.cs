using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Admin;

/// <summary>Writes a log level as the log does: <c>info</c>, <c>warn</c>.</summary>
internal sealed class LogLevelConverter : JsonConverter<LogLevel>
{
    private static readonly Dictionary<string, LogLevel> _levels = Enum.GetValues<LogLevel>()
        .Where(level => level is not LogLevel.None)
        .ToDictionary(level => Encoding.UTF8.GetString(LogLine.NameOf(level)));

    /// <inheritdoc/>
    public override LogLevel Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } word && _levels.TryGetValue(word, out LogLevel level)
            ? level
            : throw new JsonException($"A level is one of {string.Join(", ", _levels.Keys)}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LogLevel value, JsonSerializerOptions options) =>
        writer.WriteStringValue(LogLine.NameOf(value));
}
