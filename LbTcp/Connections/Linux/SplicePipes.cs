namespace LbTcp.Connections.Linux;

/// <summary>The splice pipes of one reactor, rented for one burst of bulk at a time. On the reactor's thread only.</summary>
internal sealed class SplicePipes(int limit) : IDisposable
{
    // Enough for the bursts that run at the same time; many stalled readers do not leave megabytes behind.
    private const int MaxKept = 8;

    private readonly Stack<SplicePipe> _kept = new();
    private int _rented;
    private bool _isDisposed;

    /// <summary>An empty pipe, or null when the limit is reached or the system refuses: the bytes are then copied.</summary>
    public SplicePipe? TryRent()
    {
        if (_rented >= limit)
            return null;
        if (!_kept.TryPop(out SplicePipe? pipe))
            pipe = SplicePipe.TryCreate();
        if (pipe is not null)
            _rented++;
        return pipe;
    }

    /// <summary>Takes a pipe back. One with bytes left in it is closed: they must not reach another connection.</summary>
    public void Return(SplicePipe pipe)
    {
        _rented--;
        if (pipe.IsEmpty && _kept.Count < MaxKept && !_isDisposed)
            _kept.Push(pipe);
        else
            pipe.Dispose();
    }

    public void Dispose()
    {
        _isDisposed = true;
        while (_kept.TryPop(out SplicePipe? pipe))
            pipe.Dispose();
    }
}
