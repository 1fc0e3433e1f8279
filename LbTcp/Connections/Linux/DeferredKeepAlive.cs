using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>
/// Sets keepalive on the dialled connections of one reactor when they are a second old: most connections are over by then, and save four
/// system calls. On the reactor's thread only.
/// </summary>
internal sealed class DeferredKeepAlive(HandlerTable handlers, TransportOptions options) : IReactorTimer
{
    /// <summary>The age at which a connection gets its keepalive, in milliseconds.</summary>
    public const int Age = 1000;

    /// <summary>The maximum number of connections that are set up at a time, so that the reactor's events do not wait for many.</summary>
    public const int MaxPerTurn = 64;

    // Tokens, since a connection that is held here could not be collected when it has ended.
    private readonly Queue<(ulong Token, long DueAt)> _young = new();

    public int Pause(long now) => _young.TryPeek(out (ulong, long DueAt) first) ? (int)Math.Max(0, first.DueAt - now) : -1;

    /// <summary>Notes a socket that was dialled and is registered here.</summary>
    public void Add(int descriptor, long now)
    {
        if (options.KeepAlive > TimeSpan.Zero)
            _young.Enqueue((handlers.TokenOf(descriptor), now + Age));
    }

    public void Run(long now)
    {
        for (int left = MaxPerTurn; left > 0 && Pause(now) == 0; left--)
        {
            ulong token = _young.Dequeue().Token;
            if (handlers.Find(token) is not null) // not closed yet; a socket of this reactor is closed on this thread only
                new LinuxSocket(HandlerTable.DescriptorOf(token)).SetKeepAlive(options);
        }
    }
}
