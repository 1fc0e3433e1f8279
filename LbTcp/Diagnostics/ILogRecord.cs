namespace LbTcp.Diagnostics;

/// <summary>A log state that writes its own fields: no boxing and no template, for records that are written once per connection.</summary>
internal interface ILogRecord
{
    /// <summary>The message, without values.</summary>
    string Message { get; }

    /// <summary>Writes the fields, in the order of the line.</summary>
    void WriteFields(LogLine line);
}
