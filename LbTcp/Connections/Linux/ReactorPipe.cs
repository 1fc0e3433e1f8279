namespace LbTcp.Connections.Linux;

/// <summary>
/// The kernel pipe that the bulk of all connections of one reactor passes through. It is empty between two uses, so that a destination
/// without room keeps none from the others, and the number of pipes depends on no load. On the reactor's thread only.
/// </summary>
/// <param name="create">Makes a pipe, or returns null when the system refuses.</param>
internal sealed class ReactorPipe(Func<SplicePipe?> create) : IDisposable
{
    /// <summary>The time after a refusal before the system is asked again, in milliseconds.</summary>
    public const int RetryAfter = 10_000;

    private SplicePipe? _pipe;
    private long _nextAttemptAt = long.MinValue;

    /// <summary>Whether there is a pipe. May be read from any thread.</summary>
    public bool IsOpen => Volatile.Read(ref _pipe) is not null;

    /// <summary>Returns the pipe, empty, or null when the system has refused one: the bytes are then copied.</summary>
    /// <param name="now">The time in milliseconds.</param>
    public SplicePipe? TryGet(long now)
    {
        if (_pipe is null && now >= _nextAttemptAt)
        {
            _pipe = create();
            _nextAttemptAt = now + RetryAfter;
        }

        return _pipe;
    }

    /// <summary>Closes a pipe with bytes left in it, which must not reach another connection; the next use makes a new one.</summary>
    public void Discard()
    {
        Dispose();
        _nextAttemptAt = long.MinValue;
    }

    public void Dispose()
    {
        _pipe?.Dispose();
        _pipe = null;
    }
}
