namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>Stimuli that consist of time: something done again and again at a steady pace.</summary>
internal static class Pace
{
    /// <summary>Does <paramref name="action"/> <paramref name="times"/> times, <paramref name="interval"/> apart.</summary>
    public static async Task EveryAsync(TimeSpan interval, int times, Func<Task> action)
    {
        using var timer = new PeriodicTimer(interval);
        for (int i = 0; i < times; i++)
        {
            await timer.WaitForNextTickAsync();
            await action();
        }
    }
}
