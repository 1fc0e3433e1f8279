namespace LbTcp.Forwarding;

/// <summary>
/// A part of the active connections by descending id, linked through themselves: a place in it costs no memory of its own.
/// </summary>
internal sealed class ConnectionShard
{
    private readonly Lock _gate = new();
    private ActiveConnection? _first; // the newest one
    private ActiveConnection? _last;

    /// <summary>Adds a connection.</summary>
    public void Add(ActiveConnection connection)
    {
        lock (_gate)
        {
            // Another thread may have got a later id and been faster; nearly always the new one is the first.
            ActiveConnection? newer = null;
            ActiveConnection? older = _first;
            for (; older is not null && older.Id > connection.Id; older = older.Next)
                newer = older;
            Link(newer, connection);
            Link(connection, older);
        }
    }

    /// <summary>Removes a connection that was added and not removed before.</summary>
    public void Remove(ActiveConnection connection)
    {
        lock (_gate)
        {
            Link(connection.Previous, connection.Next);
            connection.Previous = connection.Next = null;
        }
    }

    /// <summary>The connection with that id, or null.</summary>
    public ActiveConnection? Find(long id)
    {
        lock (_gate)
        {
            ActiveConnection? connection = _first;
            while (connection is not null && connection.Id > id)
                connection = connection.Next;
            return connection?.Id == id ? connection : null;
        }
    }

    /// <summary>
    /// Appends the <paramref name="most"/> connections with the lowest ids above <paramref name="id"/> to <paramref name="list"/>, by
    /// ascending id.
    /// </summary>
    /// <returns>Whether there may be more.</returns>
    public bool CopyAfter(long id, int most, List<ActiveConnection> list)
    {
        lock (_gate)
        {
            for (ActiveConnection? connection = _last; connection is not null; connection = connection.Previous)
            {
                if (connection.Id <= id)
                    continue;
                if (most-- == 0)
                    return true;
                list.Add(connection);
            }
        }

        return false;
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

    private void Link(ActiveConnection? newer, ActiveConnection? older)
    {
        if (newer is null)
            _first = older;
        else
            newer.Next = older;
        if (older is null)
            _last = newer;
        else
            older.Previous = newer;
    }
}
