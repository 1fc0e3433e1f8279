namespace LbTcp.Forwarding;

/// <summary>
/// One attempt to reach a backend, cancelled when its time is up or when the client is gone. The sweep may still hold it after it ended, so
/// it is not disposed; without a timer and a wait handle there is nothing in it to release.
/// </summary>
/// <param name="startedAt">When it began, in the clock's timestamps.</param>
/// <param name="timeout">How long it may take.</param>
internal sealed class ConnectAttempt(long startedAt, TimeSpan timeout) : CancellationTokenSource
{
    /// <summary>Whether it was given up because its time was up.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>Gives the attempt up when its time is up.</summary>
    public void Check(TimeProvider timeProvider)
    {
        if (timeProvider.GetElapsedTime(startedAt) < timeout)
            return;
        TimedOut = true;
        Cancel();
    }
}
