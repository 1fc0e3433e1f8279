namespace LbTcp.Discovery;

/// <summary>The time limit of a dial, and whether it is still wanted.</summary>
internal interface IDialLimit
{
    /// <summary>Starts the time of one attempt, and ends that of the attempt before.</summary>
    /// <param name="timeout">How long the attempt may take.</param>
    /// <returns>Fires when the time is up, and when the dial is not wanted any more.</returns>
    CancellationToken BeginAttempt(TimeSpan timeout);

    /// <summary>Whether the attempt that was begun last was cancelled because its time was up.</summary>
    bool HasTimedOut { get; }

    /// <summary>Whether the dial is not wanted any more.</summary>
    bool IsAbandoned { get; }
}
