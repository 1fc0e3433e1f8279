namespace LbTcp.Configuration;

/// <summary>The format of a log record, which is always one line.</summary>
internal enum LogFormat
{
    /// <summary><c>time level message key=value ...</c>, for people and grep.</summary>
    Text,

    /// <summary>One JSON object, for programs.</summary>
    Json,
}
