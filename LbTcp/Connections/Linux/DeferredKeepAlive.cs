using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>
/// Sets keepalive on the dialled connections of one reactor when they are a second old: most connections are over by then, and save four system
/// calls. Times are in milliseconds, of a clock that never goes back. On the reactor's thread only.
/// </summary>
internal sealed class DeferredKeepAlive(ConnectionTable table, TransportOptions options)
{
    /// <summary>How old a connection is then.</summary>
    public const int Age = 1000;

    /// <summary>How many connections are set up at a time, so that the others of the reactor do not wait for a crowd.</summary>
    public const int MostPerTurn = 64;

    // Tokens, since a connection that is held here could not be collected when it has ended.
    private readonly Queue<(ulong Token, long DueAt)> _young = new();

    /// <summary>How long nothing is to be done: 0 for not at all, -1 for until the next <see cref="Add"/>.</summary>
    public int Pause(long now) => _young.TryPeek(out (ulong, long DueAt) first) ? (int)Math.Max(0, first.DueAt - now) : -1;

    /// <summary>Takes note of a connection that was dialled.</summary>
    public void Add(EpollConnection connection, long now)
    {
        if (options.KeepAlive > TimeSpan.Zero)
            _young.Enqueue((connection.Token, now + Age));
    }

    /// <summary>Sets up some of those that are old enough and still there.</summary>
    public void Run(long now)
    {
        for (int left = MostPerTurn; left > 0 && Pause(now) == 0; left--)
            table.Find(_young.Dequeue().Token)?.KeepAlive(options);
    }
}
