namespace LbTcp.Tests.TestDoubles;

/// <summary>Runs two actions at the same moment, again and again, to show that no interleaving of them goes wrong.</summary>
internal static class Race
{
    /// <summary>Runs <paramref name="rounds"/> rounds; each gets its own two actions, and a check for when both have returned.</summary>
    public static async Task RunAsync(int rounds, Func<(Action Left, Action Right, Func<Task> Check)> prepare)
    {
        Action? right = null;
        int started = 0;
        int finished = 0;
        bool isOver = false;
        Task other = Task.Factory.StartNew(
            () =>
            {
                for (int round = 1; ; round++)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref started) == round || Volatile.Read(ref isOver));
                    if (Volatile.Read(ref isOver))
                        return;
                    right!();
                    Volatile.Write(ref finished, round);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            for (int round = 1; round <= rounds; round++)
            {
                (Action left, right, Func<Task> check) = prepare();
                Volatile.Write(ref started, round);
                left();
                SpinWait.SpinUntil(() => Volatile.Read(ref finished) == round || other.IsCompleted);
                await check();
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            await other;
        }
    }
}
