using System.Collections;

namespace LbTcp.Diagnostics;

/// <summary>A record of a service: the name of the service, then the fields of the record.</summary>
/// <param name="service">The name of the service.</param>
/// <param name="isNamed">Whether the name is a field.</param>
/// <param name="record">The record.</param>
internal sealed class ServiceRecord(string service, bool isNamed, ILogRecord record) : ILogRecord, IServiceState
{
    /// <inheritdoc/>
    public string Service => service;

    /// <inheritdoc/>
    public string Message => record.Message;

    /// <inheritdoc/>
    public void WriteFields(LogLine line)
    {
        if (isNamed)
            line.Text("service"u8, service);
        record.WriteFields(line);
    }
}

/// <summary>The values of a log message of a service: the name of the service, then those of the message.</summary>
/// <param name="service">The name of the service.</param>
/// <param name="isNamed">Whether the name is a value.</param>
/// <param name="values">The values of the message.</param>
internal sealed class ServiceValues(string service, bool isNamed, IReadOnlyList<KeyValuePair<string, object?>> values)
    : IReadOnlyList<KeyValuePair<string, object?>>, IServiceState
{
    private readonly int _first = isNamed ? 1 : 0;

    /// <inheritdoc/>
    public string Service => service;

    /// <inheritdoc/>
    public int Count => values.Count + _first;

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] => index < _first ? new("Service", service) : values[index - _first];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
