namespace LbTcp.Tests;

/// <summary>The transports of this system, by the names that <c>--transport</c> takes: one row each.</summary>
internal sealed class TransportNames : TheoryData<string>
{
    private static readonly string[] _names = OperatingSystem.IsLinux() ? ["sockets", "epoll"] : ["sockets"];

    public TransportNames() => AddRange(_names);

    /// <summary>One row for each transport with each value.</summary>
    public static TheoryData<string, T> With<T>(params T[] values)
    {
        var rows = new TheoryData<string, T>();
        foreach (string name in _names)
        {
            foreach (T value in values)
                rows.Add(name, value);
        }

        return rows;
    }
}
