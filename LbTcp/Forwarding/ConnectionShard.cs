namespace LbTcp.Forwarding;

/// <summary>A part of the active connections, linked through themselves: a place in it costs no memory of its own.</summary>
internal sealed class ConnectionShard
{
    private readonly Lock _gate = new();
    private ActiveConnection? _first;

    /// <summary>Adds a connection.</summary>
    public void Add(ActiveConnection connection)
    {
        lock (_gate)
        {
            connection.Next = _first;
            if (_first is not null)
                _first.Previous = connection;
            _first = connection;
        }
    }

    /// <summary>Removes a connection that was added and not removed before.</summary>
    public void Remove(ActiveConnection connection)
    {
        lock (_gate)
        {
            if (connection.Previous is { } previous)
                previous.Next = connection.Next;
            else
                _first = connection.Next;
            if (connection.Next is { } next)
                next.Previous = connection.Previous;
            connection.Previous = connection.Next = null;
        }
    }

    /// <summary>Appends the connections of this moment to <paramref name="list"/>.</summary>
    public void CopyTo(List<ActiveConnection> list)
    {
        lock (_gate)
        {
            for (ActiveConnection? connection = _first; connection is not null; connection = connection.Next)
                list.Add(connection);
        }
    }
}
