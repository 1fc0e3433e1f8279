namespace LbTcp.Hosting.Operations;

/// <summary>The state of one backend with its recent history.</summary>
internal sealed record BackendDetail : BackendStatus
{
    /// <summary>The addresses that are dialled; several for a name with resolve=first, none until it is resolved.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The last 30 checks, the newest first.</summary>
    public required IReadOnlyList<CheckStatus> Checks { get; init; }

    /// <summary>The last 20 changes of its state, the newest first.</summary>
    public required IReadOnlyList<Transition> Transitions { get; init; }

    /// <summary>The time until the next check; null if it is not checked.</summary>
    public required TimeSpan? NextCheck { get; init; }

    /// <summary>What has to happen for it to get new connections, or to lose them, in sentences.</summary>
    public required IReadOnlyList<string> Next { get; init; }

    /// <summary>Why it gets the share of new connections that it gets, in sentences.</summary>
    public required IReadOnlyList<string> ShareReasons { get; init; }

    /// <summary>The age of its oldest open connection; null if it has none.</summary>
    public required TimeSpan? OldestConnection { get; init; }

    /// <summary>The longest time for which one of its open connections has moved no byte; null if it has none.</summary>
    public required TimeSpan? LongestIdle { get; init; }

    /// <summary>The number of its connections so far that ended with <c>completed</c>.</summary>
    public required long Completed { get; init; }
}
