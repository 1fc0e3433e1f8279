namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>The transports that what moves bytes is tested with, one row each.</summary>
internal sealed class Transports : TheoryData<string>
{
    // As given to --transport.
    private static readonly string[] _names = OperatingSystem.IsLinux() ? ["sockets", "epoll"] : ["sockets"];

    public Transports() => AddRange(_names);

    /// <summary>A row for every transport with every value.</summary>
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
