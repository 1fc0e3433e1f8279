namespace LbTcp.Connections.Linux;

/// <summary>Bytes on their way from one connection to another that had no room for them.</summary>
internal interface IPendingBytes
{
    /// <summary>Whether nothing is left.</summary>
    bool IsEmpty { get; }

    /// <summary>Hands <paramref name="destination"/> as much as it takes.</summary>
    /// <exception cref="ConnectionException"><paramref name="destination"/> failed.</exception>
    void Drain(EpollConnection destination);

    /// <summary>Gives back what holds them, on the thread of <paramref name="reactor"/>; what is left is lost.</summary>
    void Release(Reactor reactor);
}
