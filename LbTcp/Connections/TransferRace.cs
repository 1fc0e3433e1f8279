using System.Threading.Tasks.Sources;

namespace LbTcp.Connections;

/// <summary>Waits for the first of several transfers to end, in order or not. One may wait, once.</summary>
internal sealed class TransferRace : IValueTaskSource<Transfer>
{
    private ManualResetValueTaskSourceCore<Transfer> _first;
    private bool _isDecided;

    /// <summary>Completes with the transfer that ended first, where that ended.</summary>
    public ValueTask<Transfer> FirstAsync() => new(this, _first.Version);

    /// <summary>Called by each transfer when it has ended.</summary>
    public void OnEnded(Transfer transfer)
    {
        if (!Interlocked.Exchange(ref _isDecided, true))
            _first.SetResult(transfer);
    }

    Transfer IValueTaskSource<Transfer>.GetResult(short token) => _first.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Transfer>.GetStatus(short token) => _first.GetStatus(token);

    void IValueTaskSource<Transfer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _first.OnCompleted(continuation, state, token, flags);
}
