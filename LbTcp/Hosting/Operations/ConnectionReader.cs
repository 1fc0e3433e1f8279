using System.Globalization;
using LbTcp.Connections;
using LbTcp.Forwarding;

namespace LbTcp.Hosting.Operations;

/// <summary>Reads the state of the connections of all services, also of those that a reload has removed, while they drain.</summary>
/// <param name="services">The services.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ConnectionReader(ServiceLookup services, TimeProvider timeProvider)
{
    /// <summary>The connections that match, by ascending id. They are read while the result is enumerated.</summary>
    public IEnumerable<ConnectionStatus> Read(ConnectionFilter filter)
    {
        // Each service has its connections by ascending id; the one with the lowest is next.
        var next = new PriorityQueue<(ServiceParts Parts, ConnectionFilter Filter, IEnumerator<ActiveConnection> Connections), long>();
        foreach (ServiceParts parts in services.WithConnections.Where(parts => filter.Service is null || parts.Name == filter.Service))
            Advance((parts, For(parts, filter), parts.Connections.After(filter.After).GetEnumerator()));
        while (next.TryDequeue(out (ServiceParts Parts, ConnectionFilter Filter, IEnumerator<ActiveConnection> Connections) first, out _))
        {
            ActiveConnection connection = first.Connections.Current;
            if (Matches(connection, first.Filter))
                yield return Read(first.Parts, connection);
            Advance(first);
        }

        void Advance((ServiceParts Parts, ConnectionFilter Filter, IEnumerator<ActiveConnection> Connections) source)
        {
            if (source.Connections.MoveNext())
                next.Enqueue(source, source.Connections.Current.Id);
        }
    }

    /// <summary>One connection; null if it has ended.</summary>
    public ConnectionDetail? Read(long id)
    {
        foreach (ServiceParts parts in services.WithConnections)
        {
            if (parts.Connections.Find(id) is { } connection)
                return ReadDetail(parts, connection);
        }

        return null;
    }

    private ConnectionStatus Read(ServiceParts parts, ActiveConnection connection)
    {
        TimeSpan age = connection.Age;
        return new ConnectionStatus
        {
            Id = connection.Id.ToString("x", CultureInfo.InvariantCulture),
            Service = parts.Name,
            Client = $"{connection.Source}",
            Backend = BackendOf(connection),
            Address = connection.Dial.Connection?.RemoteEndPoint.ToString(),
            State = StateOf(connection),
            StartedAt = timeProvider.GetUtcNow() - age,
            Age = age,
            Idle = connection.Idle,
            BytesIn = connection.BytesIn,
            BytesOut = connection.BytesOut,
        };
    }

    private ConnectionDetail ReadDetail(ServiceParts parts, ActiveConnection connection)
    {
        ConnectionStatus status = Read(parts, connection);
        return new ConnectionDetail
        {
            Id = status.Id,
            Service = status.Service,
            Client = status.Client,
            Backend = status.Backend,
            Address = status.Address,
            State = status.State,
            StartedAt = status.StartedAt,
            Age = status.Age,
            Idle = status.Idle,
            BytesIn = status.BytesIn,
            BytesOut = status.BytesOut,
            FailedAttempts = [.. connection.Dial.FailedAttempts.Select(attempt => new AttemptStatus(attempt.Backend, attempt.Error))],
            Connect = connection.Dial.Duration,
            Queue = connection.Dial.Queued,
            PickReasons = PickReasons.Of(connection.Dial, connection.Preface?.ServerName, parts.Options.All.Value.Algorithm),
        };
    }

    // A backend may be given by its address. One that was removed is not found, but its connections still have its name.
    private static ConnectionFilter For(ServiceParts parts, ConnectionFilter filter) =>
        filter.Backend is { } text && ServiceLookup.Find(parts, text) is { } found ? filter with { Backend = found.Name } : filter;

    private static bool Matches(ActiveConnection connection, ConnectionFilter filter) =>
        (filter.Backend is null || BackendOf(connection) == filter.Backend)
        && filter.Client?.Contains(connection.Source.SourceAddress()) is not false
        && (filter.Idle is null || connection.Idle >= filter.Idle);

    private static string? BackendOf(ActiveConnection connection) =>
        connection.Dial.Wait is null ? connection.Dial.Lease?.Backend.Name : null;

    private static ConnectionState StateOf(ActiveConnection connection) =>
        connection.Dial.Wait is not null ? ConnectionState.Queued
        : connection.Dial.Connection is null ? ConnectionState.Connecting
        : connection.SidesEnded > 0 ? ConnectionState.HalfClosed
        : ConnectionState.Open;
}
