namespace LbTcp.Configuration;

/// <summary>How a log record is written; always on one line.</summary>
internal enum LogFormat
{
    /// <summary><c>time level message key=value ...</c>, for people and grep.</summary>
    Text,

    /// <summary>One JSON object, for programs.</summary>
    Json,
}
