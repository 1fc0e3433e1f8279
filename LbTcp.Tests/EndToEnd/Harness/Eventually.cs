using System.Diagnostics;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>The only way these tests wait for what gives no signal: a condition, polled until it holds or a deadline has passed.</summary>
internal static class Eventually
{
    /// <summary>How long anything may take before it counts as broken. Generous: it costs time only when a test fails.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    // Asks often at first, and no more than twenty times a second of something that takes long.
    private static readonly TimeSpan _shortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    /// <param name="condition">Asked again and again; may be false as often as it likes.</param>
    /// <param name="expectation">Says after a failure what did not come true; asked then, so that it can report the last state.</param>
    /// <param name="deadline"><see cref="Deadline"/> when null.</param>
    /// <exception cref="TimeoutException">The condition did not come true in time.</exception>
    public static async Task Async(Func<bool> condition, Func<string> expectation, TimeSpan? deadline = null)
    {
        var clock = Stopwatch.StartNew();
        for (TimeSpan pause = _shortestPause; !condition(); pause = pause < _longestPause ? pause * 1.5 : _longestPause)
        {
            if (clock.Elapsed > (deadline ?? Deadline))
                throw new TimeoutException($"Not within {clock.Elapsed.TotalSeconds:0.0}s: {expectation()}");
            await Task.Delay(pause);
        }
    }

    /// <inheritdoc cref="Async(Func{bool}, Func{string}, TimeSpan?)"/>
    public static Task Async(Func<bool> condition, string expectation, TimeSpan? deadline = null) =>
        Async(condition, () => expectation, deadline);

    /// <summary>Waits until <paramref name="value"/> has stayed the same for <paramref name="duration"/>.</summary>
    /// <returns>That value.</returns>
    /// <exception cref="TimeoutException">It still changes at the deadline.</exception>
    public static async Task<long> UnchangedAsync(Func<long> value, TimeSpan duration)
    {
        long last = value();
        var since = Stopwatch.StartNew();
        await Async(
            () =>
            {
                long now = value();
                if (now != last)
                    since.Restart();
                last = now;
                return since.Elapsed >= duration;
            },
            () => $"a value that stays the same for {duration.TotalSeconds}s; the last one is {last}");
        return last;
    }

    /// <summary>Bounds what does give a signal.</summary>
    /// <exception cref="TimeoutException">It did not happen within <see cref="Deadline"/>.</exception>
    public static async Task<T> WithinDeadlineAsync<T>(Func<CancellationToken, ValueTask<T>> operation, string expectation)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            return await operation(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Deadline.TotalSeconds}s: {expectation}");
        }
    }
}
