using System.Collections;

namespace LbTcp.Diagnostics;

/// <summary>A record of a service: the name of the service, then the fields of the record.</summary>
/// <param name="service">The name of the service.</param>
/// <param name="record">The record.</param>
internal sealed class ServiceRecord(string service, ILogRecord record) : ILogRecord
{
    /// <inheritdoc/>
    public string Message => record.Message;

    /// <inheritdoc/>
    public void WriteFields(LogLine line)
    {
        line.Text("service"u8, service);
        record.WriteFields(line);
    }
}

/// <summary>The values of a log message of a service: the name of the service, then those of the message.</summary>
/// <param name="service">The name of the service.</param>
/// <param name="values">The values of the message.</param>
internal sealed class ServiceValues(string service, IReadOnlyList<KeyValuePair<string, object?>> values)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    private KeyValuePair<string, object?> First => new("Service", service);

    /// <inheritdoc/>
    public int Count => values.Count + 1;

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] => index == 0 ? First : values[index - 1];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.Prepend(First).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
