namespace LbTcp.Discovery;

/// <summary>
/// Limits the number of look-ups that run at the same time, as each takes descriptors. Names whose name server did not answer the last time
/// get half of the places, so that they leave the rest to others. Safe for use by any number of threads; look-ups wait without a thread.
/// </summary>
/// <param name="count">The number of places; at least 1.</param>
internal sealed class LookUpPlaces(int count) : IDisposable
{
    private readonly SemaphoreSlim _all = new(count);
    private readonly SemaphoreSlim _suspected = new(Math.Max(1, count / 2));

    /// <summary>Runs a look-up as soon as there is a place.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> has fired.</exception>
    public async Task<NameAnswer> RunAsync(Func<Task<NameAnswer>> lookUp, bool isSuspected, CancellationToken stopping)
    {
        if (isSuspected)
            await _suspected.WaitAsync(stopping);
        try
        {
            await _all.WaitAsync(stopping);
            try
            {
                return await lookUp();
            }
            finally
            {
                _ = _all.Release();
            }
        }
        finally
        {
            if (isSuspected)
                _ = _suspected.Release();
        }
    }

    /// <summary>Frees the places. Must be called when no look-up is running.</summary>
    public void Dispose()
    {
        _all.Dispose();
        _suspected.Dispose();
    }
}
