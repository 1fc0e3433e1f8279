namespace LbTcp.Hosting.Operations;

/// <summary>The state of one client connection.</summary>
internal record ConnectionStatus
{
    /// <summary>Its id as in the log, in hexadecimal.</summary>
    public required string Id { get; init; }

    /// <summary>The service that it belongs to.</summary>
    public required string Service { get; init; }

    /// <summary>The address and port of the client.</summary>
    public required string Client { get; init; }

    /// <summary>The name of its backend; null while it has none.</summary>
    public required string? Backend { get; init; }

    /// <summary>The address that was dialled for the backend; null while it is not connected.</summary>
    public required string? Address { get; init; }

    /// <summary>What it does now.</summary>
    public required ConnectionState State { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long ago it was accepted.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>For how long no byte has moved, to a quarter of a second.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>Bytes from the client that were passed to the backend.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Bytes from the backend that were passed to the client.</summary>
    public required long BytesOut { get; init; }
}

/// <summary>What a connection does.</summary>
internal enum ConnectionState
{
    /// <summary>It waits in the queue for a slot at a backend.</summary>
    Queued,

    /// <summary>A backend is dialled.</summary>
    Connecting,

    /// <summary>Bytes are relayed in both directions.</summary>
    Open,

    /// <summary>One side has finished sending.</summary>
    HalfClosed,
}
