using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections;

/// <summary>
/// Waits for room in the listen queue of a unix socket. A dial to a full queue fails at once (connect(2), EAGAIN), where TCP repeats its
/// SYN until the time limit. The backend is alive and busy; a burst of clients should not fail for that.
/// </summary>
internal static class FullQueue
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(32);

    /// <summary>Dials again as long as the queue is full and <paramref name="cancellationToken"/> has not fired.</summary>
    /// <param name="dial">Dials once; <see cref="SocketError.WouldBlock"/> for a full queue.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<ConnectionResult> WaitAsync(
        Func<ValueTask<ConnectionResult>> dial, CancellationToken cancellationToken)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(1);
        while (true)
        {
            ConnectionResult result = await dial().ConfigureAwait(false); // completes on the thread of the connection by itself
            if (result.Error is not SocketError.WouldBlock)
                return result;
            await Task.Delay(pause, cancellationToken).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (cancellationToken.IsCancellationRequested)
                return ConnectionResult.Failed(SocketError.OperationAborted);
            pause = pause < _longestPause ? 2 * pause : _longestPause;
        }
    }
}
