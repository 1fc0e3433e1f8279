namespace LbTcp.Forwarding;

/// <summary>
/// The wait for the first byte of a backend on one connection. It begins when bytes of the client were passed on, and anew with every
/// further one. Used by one thread at a time.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="silence">What is known of the silence of its backend.</param>
/// <param name="begun">When the connection to the backend was established, as a timestamp of the clock.</param>
internal sealed class FirstByteWait(ActiveConnection connection, BackendSilence silence, long begun)
{
    private const long NotAsked = -1;

    private long _passedOn;
    private long _silentAt = begun;
    private long _acknowledged = NotAsked;

    /// <summary>The next one in an inbox.</summary>
    public FirstByteWait? Next { get; set; }

    /// <summary>The connection.</summary>
    public ActiveConnection Connection => connection;

    /// <summary>What is known of the silence of its backend.</summary>
    public BackendSilence Silence => silence;

    /// <summary>Whether picks avoid the backend until this connection has an answer.</summary>
    public bool IsTrial { get; init; }

    /// <summary>When bytes of the client were passed on last, as far as the looks know; before that, when it was established.</summary>
    public long Since { get; private set; } = begun;

    /// <summary>Whether bytes of the client were passed on and nothing has come back, as of the latest look.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>
    /// How long the answer took, rounded down to the latest look that found none; null if the backend spoke first. For a wait that is
    /// <see cref="FirstByteState.Answered"/>.
    /// </summary>
    public TimeSpan? TimeToAnswer(TimeProvider timeProvider) =>
        IsWaiting ? timeProvider.GetElapsedTime(Since, _silentAt) : connection.BytesIn > 0 ? TimeSpan.Zero : null;

    /// <summary>Looks at the connection.</summary>
    /// <param name="now">The time, as a timestamp of the clock.</param>
    public FirstByteState Look(long now)
    {
        if (connection.ToClient is { BytesReceived: > 0 })
            return FirstByteState.Answered;
        if (connection.IsDecided || connection.Failure is not null || connection.HasBackendFinished)
            return FirstByteState.Over;
        long passedOn = connection.BytesIn;
        if (passedOn != _passedOn)
        {
            (_passedOn, Since, _acknowledged) = (passedOn, now, NotAsked);
            IsWaiting = true;
        }

        _silentAt = now;
        return FirstByteState.Open;
    }

    /// <summary>
    /// Returns whether nothing has come back for <paramref name="limit"/>. What the backend's system has acknowledged in the second half of
    /// that time counts as passed on then: a program that reads a large upload slowly is not silent.
    /// </summary>
    public bool HasTimedOut(TimeSpan limit, long now, TimeProvider timeProvider)
    {
        TimeSpan silent = timeProvider.GetElapsedTime(Since, now);
        if (!IsWaiting || silent < limit / 2)
            return false;
        if (_acknowledged == NotAsked)
            _acknowledged = Acknowledged;
        if (silent < limit)
            return false;
        long acknowledged = Acknowledged;
        if (acknowledged == _acknowledged)
            return true;
        (Since, _acknowledged) = (now, acknowledged);
        return false;
    }

    private long Acknowledged => connection.Dial.Connection?.Info?.BytesAcknowledged ?? 0;
}

/// <summary>What a look at a connection finds.</summary>
internal enum FirstByteState
{
    /// <summary>The backend has sent nothing yet.</summary>
    Open,

    /// <summary>The backend has sent its first byte.</summary>
    Answered,

    /// <summary>The connection has ended, or the backend has finished, without a byte from it.</summary>
    Over,
}
