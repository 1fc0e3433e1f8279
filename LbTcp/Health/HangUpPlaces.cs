using LbTcp.Connections;

namespace LbTcp.Health;

/// <summary>
/// The places for connections of finished probes that wait for the backend to close them; each takes a descriptor. When there are too many,
/// the oldest is reset. Shared by all services of the process; safe for use by any number of threads.
/// </summary>
/// <param name="limit">The maximum number of connections; at least 1.</param>
internal sealed class HangUpPlaces(int limit)
{
    private readonly LinkedList<IConnection> _waiting = new();
    private readonly Lock _gate = new();
    private volatile int _limit = limit;

    /// <summary>The maximum number of connections; at least 1. A lower one applies when the next connection comes.</summary>
    public int Limit
    {
        get => _limit;
        set => _limit = value;
    }

    /// <summary>Takes a place for a connection, from the oldest ones if there are too many.</summary>
    /// <returns>The place, to be left once the connection was closed.</returns>
    public LinkedListNode<IConnection> Take(IConnection connection)
    {
        var place = new LinkedListNode<IConnection>(connection);
        List<IConnection> oldest = [];
        lock (_gate)
        {
            while (_waiting.Count >= _limit)
            {
                oldest.Add(_waiting.First!.Value);
                _waiting.RemoveFirst();
            }

            _waiting.AddLast(place);
        }

        oldest.ForEach(static other => other.Abort());
        return place;
    }

    /// <summary>Gives a place back, unless another connection has it by now.</summary>
    public void Leave(LinkedListNode<IConnection> place)
    {
        lock (_gate)
        {
            if (place.List is not null)
                _waiting.Remove(place);
        }
    }
}
