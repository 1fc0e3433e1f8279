namespace LbTcp.Forwarding;

/// <summary>
/// The time limit of a stage of a connection that waits for a peer, such as a dial: a token that fires when the time is up or the
/// connection ends. The sweep may still hold it after the stage has ended, so it is not disposed; without a timer and a wait handle there
/// is nothing in it to release.
/// </summary>
/// <param name="startedAt">The start of the stage, in the clock's timestamps.</param>
/// <param name="timeout">The maximum duration of the stage.</param>
internal sealed class StageDeadline(long startedAt, TimeSpan timeout) : CancellationTokenSource
{
    /// <summary>Whether the token fired because the time was up.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>Returns the time since the start.</summary>
    public TimeSpan Elapsed(TimeProvider timeProvider) => timeProvider.GetElapsedTime(startedAt);

    /// <summary>Returns the time left; zero if the time is up.</summary>
    public TimeSpan TimeLeft(TimeProvider timeProvider)
    {
        TimeSpan left = timeout - timeProvider.GetElapsedTime(startedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Fires the token if the time is up.</summary>
    public void Check(TimeProvider timeProvider)
    {
        if (timeProvider.GetElapsedTime(startedAt) < timeout)
            return;
        TimedOut = true;
        Cancel();
    }
}
