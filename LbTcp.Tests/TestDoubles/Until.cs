using System.Diagnostics;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Waits for what other threads bring about.</summary>
internal static class Until
{
    /// <summary>How long a test waits for something that is sure to happen. Long enough for a machine that does ten other things.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Completes when <paramref name="condition"/> holds; fails when it does not for <see cref="Patience"/>.</summary>
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        long startedAt = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(startedAt) < Patience, $"Waited in vain until {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(2));
        }
    }

    /// <summary>The same task, which fails when it takes longer than <see cref="Patience"/>.</summary>
    public static Task Done(this Task task) => task.WaitAsync(Patience);

    /// <summary>The same task, which fails when it takes longer than <see cref="Patience"/>.</summary>
    public static Task<T> Done<T>(this Task<T> task) => task.WaitAsync(Patience);
}
