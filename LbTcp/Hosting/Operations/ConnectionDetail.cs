namespace LbTcp.Hosting.Operations;

/// <summary>The state of one client connection with its way to the backend.</summary>
internal sealed record ConnectionDetail : ConnectionStatus
{
    /// <summary>The failed attempts to connect to a backend, in order.</summary>
    public required IReadOnlyList<AttemptStatus> FailedAttempts { get; init; }

    /// <summary>The time from the accept to the established backend connection; null while it is not connected.</summary>
    public required TimeSpan? Connect { get; init; }

    /// <summary>The time in the queue; null if it was not queued.</summary>
    public required TimeSpan? Queue { get; init; }

    /// <summary>Why that backend was picked, in sentences.</summary>
    public required IReadOnlyList<string> PickReasons { get; init; }
}

/// <summary>A failed attempt to connect to a backend.</summary>
/// <param name="Backend">The name of the backend.</param>
/// <param name="Error">What failed, in words.</param>
internal sealed record AttemptStatus(string Backend, string Error);
