using LbTcp.Backends;

namespace LbTcp.Forwarding;

/// <summary>Selects the connections to close of backends in surplus: the longest idle ones.</summary>
/// <param name="connections">The connections of the service.</param>
internal sealed class SurplusConnections(ActiveConnections connections)
{
    private readonly List<ActiveConnection> _visited = [];

    /// <summary>
    /// Returns connections of the backends, no more of each than its surplus, the longest idle one first. Walks over all connections, and
    /// holds only those that are selected.
    /// </summary>
    /// <param name="surpluses">The backends.</param>
    /// <param name="most">The maximum number.</param>
    public Queue<IdleConnection> Select(IReadOnlyList<BackendSurplus> surpluses, int most)
    {
        Dictionary<Backend, Selection> selections = surpluses.ToDictionary(
            surplus => surplus.Backend, surplus => new Selection(Math.Min(most, surplus.Surplus)));
        connections.Visit(_visited, connection =>
        {
            if (connection is { IsDecided: false, Dial.Backend: { } backend } && selections.TryGetValue(backend, out Selection? selection))
                selection.Offer(new IdleConnection(connection, backend, connection.Idle));
        });
        return new Queue<IdleConnection>(
            selections.Values.SelectMany(selection => selection.All).OrderByDescending(selected => selected.Idle).Take(most));
    }

    // The longest idle ones that were offered, as a heap with the shortest idle one of them on top.
    private sealed class Selection(int most)
    {
        private readonly PriorityQueue<IdleConnection, TimeSpan> _heap = new();

        public IEnumerable<IdleConnection> All => _heap.UnorderedItems.Select(item => item.Element);

        public void Offer(IdleConnection connection)
        {
            if (_heap.Count < most)
                _heap.Enqueue(connection, connection.Idle);
            else
                _ = _heap.EnqueueDequeue(connection, connection.Idle);
        }
    }
}

/// <summary>A connection that was selected.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Backend">Its backend.</param>
/// <param name="Idle">For how long it had moved no byte.</param>
internal readonly record struct IdleConnection(ActiveConnection Connection, Backend Backend, TimeSpan Idle);
