using System.Diagnostics;

namespace LbTcp.Tests;

/// <summary>How tests wait for what others bring about: never for longer than a deadline, and never for a time alone.</summary>
internal static class Until
{
    /// <summary>
    /// How long anything may take before it counts as broken. Long enough for a machine that does ten other things: it costs time only when
    /// a test fails.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const int LooksAtStandstill = 10;

    // Asks often at first, and no more than twenty times a second of something that takes long.
    private static readonly TimeSpan _shortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until <paramref name="condition"/> holds, for what gives no signal.</summary>
    /// <param name="condition">Asked again and again; may be false as often as it likes.</param>
    /// <param name="expectation">Says after a failure what did not come true; asked then, so that it can report the last state.</param>
    /// <param name="deadline"><see cref="Patience"/> when null.</param>
    /// <exception cref="TimeoutException">The condition did not come true in time.</exception>
    public static Task TrueAsync(Func<bool> condition, Func<string> expectation, TimeSpan? deadline = null) =>
        TrueAsync(() => ValueTask.FromResult(condition()), expectation, deadline);

    /// <inheritdoc cref="TrueAsync(Func{bool}, Func{string}, TimeSpan?)"/>
    public static async Task TrueAsync(Func<ValueTask<bool>> condition, Func<string> expectation, TimeSpan? deadline = null)
    {
        var clock = Stopwatch.StartNew();
        for (TimeSpan pause = _shortestPause; !await condition(); pause = pause < _longestPause ? pause * 1.5 : _longestPause)
        {
            if (clock.Elapsed > (deadline ?? Patience))
                throw new TimeoutException($"Not within {clock.Elapsed.TotalSeconds:0.0}s: {expectation()}");
            await Task.Delay(pause);
        }
    }

    /// <inheritdoc cref="TrueAsync(Func{bool}, Func{string}, TimeSpan?)"/>
    public static Task TrueAsync(Func<bool> condition, string expectation, TimeSpan? deadline = null) =>
        TrueAsync(condition, () => expectation, deadline);

    /// <summary>
    /// Waits until <paramref name="value"/> has begun to grow from 0, and then stayed the same for <paramref name="duration"/> and for
    /// several looks at it: a machine that was busy with something else is no standstill.
    /// </summary>
    /// <returns>That value.</returns>
    /// <exception cref="TimeoutException">It is 0 or still grows when <see cref="Patience"/> ends.</exception>
    public static async Task<long> UnchangedAsync(Func<long> value, TimeSpan duration)
    {
        long last = 0;
        int looks = 0;
        var since = Stopwatch.StartNew();
        await TrueAsync(
            () =>
            {
                long now = value();
                if (now != last || now == 0)
                    (looks, since) = (0, Stopwatch.StartNew());
                last = now;
                return ++looks > LooksAtStandstill && since.Elapsed >= duration;
            },
            () => $"a value that stays the same for {duration.TotalSeconds}s; the last one is {last}");
        return last;
    }

    /// <summary>Runs <paramref name="operation"/> and ends it when <see cref="Patience"/> does.</summary>
    /// <exception cref="TimeoutException">It did not come to its end before.</exception>
    public static async Task<T> DoneAsync<T>(Func<CancellationToken, ValueTask<T>> operation, string expectation)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            return await operation(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Patience.TotalSeconds}s: {expectation}");
        }
    }

    /// <summary>The same task, which fails when it takes longer than <see cref="Patience"/>.</summary>
    public static Task Done(this Task task) => task.WaitAsync(Patience);

    /// <summary>The same task, which fails when it takes longer than <see cref="Patience"/>.</summary>
    public static Task<T> Done<T>(this Task<T> task) => task.WaitAsync(Patience);
}
