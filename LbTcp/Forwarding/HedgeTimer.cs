namespace LbTcp.Forwarding;

/// <summary>
/// When to dial a further backend beside an attempt: once it was silent for its patience, or at once when that is urgent. Used by the
/// ticker, and between <see cref="Stop"/> and <see cref="Postpone"/> by the connection's thread, except <see cref="Hasten"/>.
/// </summary>
internal sealed class HedgeTimer
{
    private volatile bool _isUrgent;
    private volatile bool _isOver;
    private TimeSpan _postponedTo;

    /// <summary>Whether the attempt is to be waited for no longer, so that no budget applies.</summary>
    public bool IsUrgent => _isUrgent;

    /// <summary>Whether a further backend was dialled, or none may be.</summary>
    public bool IsOver => _isOver;

    /// <summary>Makes it urgent, also if a backend was dialled before. May be called from any thread.</summary>
    public void Hasten()
    {
        if (_isUrgent)
            return;
        _postponedTo = TimeSpan.Zero;
        _isUrgent = true;
    }

    /// <summary>Returns the time left; null if no further backend is to be dialled.</summary>
    /// <param name="elapsed">For how long the attempt has been running.</param>
    /// <param name="patience">How long it may be silent; infinite for no limit.</param>
    public TimeSpan? TimeLeft(TimeSpan elapsed, TimeSpan patience)
    {
        if (!_isUrgent && (_isOver || patience == Timeout.InfiniteTimeSpan))
            return null;
        TimeSpan due = _isUrgent || _postponedTo > patience ? _postponedTo : patience;
        return due > elapsed ? due - elapsed : TimeSpan.Zero;
    }

    /// <summary>Puts it off, also after <see cref="Stop"/>.</summary>
    /// <param name="elapsed">The time that the attempt will have been running for by then.</param>
    /// <param name="isUrgent">Whether it is urgent.</param>
    public void Postpone(TimeSpan elapsed, bool isUrgent)
    {
        _postponedTo = elapsed;
        _isOver = false;
        _isUrgent |= isUrgent;
    }

    /// <summary>Ends it, because a further backend is dialled or no further one may be; before that, so that nothing is missed.</summary>
    public void Stop()
    {
        _isUrgent = false;
        _isOver = true;
    }
}
