namespace LbTcp.Backends;

/// <summary>Receives whether backends answer what clients send, where first bytes have a time limit.</summary>
internal interface IAnswerTracker
{
    /// <summary>
    /// Records that <paramref name="backend"/> sent nothing on a connection for <paramref name="silence"/>, although bytes of the client
    /// were passed on to it.
    /// </summary>
    void SentNothing(Backend backend, TimeSpan silence);

    /// <summary>Records that <paramref name="backend"/> has sent the first byte on a connection.</summary>
    void Answered(Backend backend);

    /// <summary>
    /// Returns how many further connections in a row on which <paramref name="backend"/> sends nothing eject it, at least 1; a default if
    /// it is never ejected.
    /// </summary>
    int SilencesLeft(Backend backend);

    /// <summary>
    /// Returns whether <paramref name="backend"/> has been silent so often that one more connection decides. May be called from any thread.
    /// </summary>
    bool IsOnTrial(Backend backend);
}
