using System.Diagnostics;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>Stimuli that consist of time: something done again and again at a steady pace.</summary>
internal static class Pace
{
    /// <summary>
    /// Does <paramref name="action"/> <paramref name="times"/> times, <paramref name="interval"/> apart, on a thread of its own: the pool's
    /// threads are busy for seconds now and then while many tests run.
    /// </summary>
    public static Task EveryAsync(TimeSpan interval, int times, Func<Task> action) => Task.Factory.StartNew(
        () =>
        {
            long startedAt = Stopwatch.GetTimestamp();
            for (int i = 1; i <= times; i++)
            {
                TimeSpan left = (i * interval) - Stopwatch.GetElapsedTime(startedAt);
                if (left > TimeSpan.Zero)
                    Thread.Sleep(left);
                action().GetAwaiter().GetResult();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
