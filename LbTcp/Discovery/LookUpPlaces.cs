namespace LbTcp.Discovery;

/// <summary>
/// Limits the number of look-ups that run at the same time, as each takes descriptors. Suspected names get half of the places, and together
/// with new ones three quarters, so that they leave the rest to names that are answered soon. A look-up that takes long makes its name
/// suspected: if all of their places are taken, it ends, and begins anew when there is one. Safe for use by any number of threads;
/// look-ups wait without a thread.
/// </summary>
/// <param name="count">The number of places; at least 1.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class LookUpPlaces(int count, TimeProvider timeProvider) : IDisposable
{
    /// <summary>The time after which the name of a look-up is suspected.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly SemaphoreSlim _all = new(count);
    private readonly SemaphoreSlim _unproven = new(Math.Max(1, count * 3 / 4));
    private readonly SemaphoreSlim _suspected = new(Math.Max(1, count / 2));

    /// <summary>Runs a look-up as soon as there is a place.</summary>
    /// <param name="lookUp">The look-up, which ends when its token fires; called a second time if it was ended.</param>
    /// <param name="standing">What is known about the name.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> has fired.</exception>
    public async Task<NameAnswer> RunAsync(
        Func<CancellationToken, Task<NameAnswer>> lookUp, NameStanding standing, CancellationToken stopping)
    {
        if (standing is not NameStanding.Suspected)
        {
            using HeldPlaces place = await TakeAsync(standing is NameStanding.New ? [_unproven, _all] : [_all], stopping);
            if (await RunUnlessSuspectedAsync(lookUp, stopping) is { } answer)
                return answer;
        }

        using HeldPlaces held = await TakeAsync([_suspected, _unproven, _all], stopping);
        return await lookUp(stopping);
    }

    /// <summary>Frees the places. Must be called when no look-up is running.</summary>
    public void Dispose()
    {
        _all.Dispose();
        _unproven.Dispose();
        _suspected.Dispose();
    }

    // Null if it was ended.
    private async Task<NameAnswer?> RunUnlessSuspectedAsync(
        Func<CancellationToken, Task<NameAnswer>> lookUp, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task<NameAnswer> running = lookUp(ending.Token);
        try
        {
            return await running.WaitAsync(Patience, timeProvider, CancellationToken.None); // it ends when the token fires
        }
        catch (TimeoutException)
        {
            // It is suspected from now on.
        }

        if (_suspected.Wait(TimeSpan.Zero, CancellationToken.None))
        {
            using HeldPlaces held = new([_suspected]);
            return await running;
        }

        await ending.CancelAsync();
        try
        {
            return await running;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<HeldPlaces> TakeAsync(SemaphoreSlim[] places, CancellationToken stopping)
    {
        for (int taken = 0; taken < places.Length; taken++)
        {
            try
            {
                await places[taken].WaitAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                new HeldPlaces(places[..taken]).Dispose();
                throw;
            }
        }

        return new HeldPlaces(places);
    }

    private readonly struct HeldPlaces(SemaphoreSlim[] places) : IDisposable
    {
        public void Dispose()
        {
            foreach (SemaphoreSlim place in places)
                _ = place.Release();
        }
    }
}
