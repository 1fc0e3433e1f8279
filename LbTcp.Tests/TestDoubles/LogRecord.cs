using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.TestDoubles;

/// <summary>One record that was logged.</summary>
internal sealed record LogRecord(LogLevel Level, int EventId, string Message, object? State, Exception? Exception)
{
    /// <summary>The value of a field by the name that it has in the message template; null when there is none.</summary>
    public object? this[string field] =>
        State is IReadOnlyList<KeyValuePair<string, object?>> fields
            ? fields.FirstOrDefault(pair => pair.Key.Equals(field, StringComparison.OrdinalIgnoreCase)).Value
            : null;
}
