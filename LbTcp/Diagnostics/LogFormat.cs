namespace LbTcp.Diagnostics;

/// <summary>How a log record is written; one line either way.</summary>
internal enum LogFormat
{
    /// <summary>For people: time, level, message, <c>name=value</c> fields.</summary>
    Text,

    /// <summary>For programs: a JSON object with the same fields.</summary>
    Json,
}
