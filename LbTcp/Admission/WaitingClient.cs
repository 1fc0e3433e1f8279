namespace LbTcp.Admission;

/// <summary>A client that waits until the limits admit it.</summary>
/// <param name="source">Its source.</param>
/// <param name="leave">Removes it, if it still waits.</param>
internal sealed class WaitingClient(SourceKey source, Action<WaitingClient> leave)
{
    // Not inline: the thread of a client that has ended must not serve the next one.
    private readonly TaskCompletionSource<AdmissionResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its source.</summary>
    public SourceKey Source { get; } = source;

    /// <summary>Completes when it is admitted, or with the limit that is exceeded when it was refused or has left.</summary>
    public Task<AdmissionResult> Result => _result.Task;

    /// <summary>Gives the wait up, unless it was admitted first. May be called from any thread, repeatedly.</summary>
    public void Leave() => leave(this);

    /// <summary>Ends the wait. Called by the queue, which no longer holds it.</summary>
    public void Complete(AdmissionResult result) => _result.SetResult(result);
}
