namespace LbTcp.Connections.Linux;

/// <summary>
/// Sets keepalive on the dialled connections of one reactor when they are a second old: most connections are over by then, and save four system
/// calls. Times are in milliseconds, of a clock that never goes back. On the reactor's thread only.
/// </summary>
internal sealed class LateKeepAlive(ConnectionTable table, TransportOptions options)
{
    /// <summary>How old connections are at least; at most they are twice that.</summary>
    public const int Age = 1000;

    /// <summary>How many connections are set up at a time, so that the others of the reactor do not wait for a crowd.</summary>
    public const int MostPerTurn = 64;

    // Tokens, since a connection that is held here could not be collected when it has ended.
    private Stack<ulong> _young = new();
    private Stack<ulong> _old = new();
    private long _youngUntil;

    /// <summary>How long nothing is to be done: 0 for not at all, -1 for until the next <see cref="Add"/>.</summary>
    public int Pause(long now) => _old.Count > 0 ? 0 : _young.Count > 0 ? (int)Math.Max(0, _youngUntil - now) : -1;

    /// <summary>Takes note of a connection that was dialled.</summary>
    public void Add(EpollConnection connection, long now)
    {
        if (options.KeepAlive <= TimeSpan.Zero)
            return;
        if (_young.Count == 0)
            _youngUntil = now + Age;
        _young.Push(connection.Token);
    }

    /// <summary>Sets up some of those that are old enough and still there.</summary>
    public void Run(long now)
    {
        if (_old.Count == 0 && now >= _youngUntil)
            (_young, _old) = (_old, _young);
        for (int left = MostPerTurn; left > 0 && _old.TryPop(out ulong token); left--)
            table.Find(token)?.KeepAlive(options);
    }
}
