namespace LbTcp.Discovery;

/// <summary>The time limit and the cancellation of a dial.</summary>
internal interface IDialLimit
{
    /// <summary>Starts the time limit of one attempt, and ends that of the previous one.</summary>
    /// <param name="timeout">The time limit of the attempt.</param>
    /// <returns>A token that fires when the time limit has passed, and when the dial is cancelled.</returns>
    CancellationToken BeginAttempt(TimeSpan timeout);

    /// <summary>
    /// Whether the latest attempt was cancelled because its time limit had passed, or as a whole after it had no answer for too long.
    /// </summary>
    bool HasTimedOut { get; }

    /// <summary>Whether the dial was cancelled as a whole.</summary>
    bool IsAbandoned { get; }
}
