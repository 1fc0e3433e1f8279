namespace LbTcp.Tests.TestDoubles;

/// <summary>Runs two actions at the same moment, again and again, to show that no interleaving of them goes wrong.</summary>
internal static class Race
{
    /// <summary>Runs <paramref name="rounds"/> rounds; each gets its own two actions, and a check for when both have returned.</summary>
    public static async Task RunAsync(int rounds, Func<(Action Left, Action Right, Func<Task> Check)> prepare)
    {
        Action? right = null;
        using var started = new Turn();
        using var joined = new Turn();
        using var finished = new Turn();
        bool isOver = false;
        Task other = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    for (int round = 1; ; round++)
                    {
                        started.Wait(round);
                        if (Volatile.Read(ref isOver))
                            return;
                        joined.Come(round);
                        right!();
                        finished.Come(round);
                    }
                }
                finally
                {
                    finished.Come(int.MaxValue);
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
                started.Come(round);
                _ = joined.HasComeSoon(round);
                left();
                finished.Wait(round);
                await check();
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            started.Come(int.MaxValue);
            await other;
        }
    }

    // Spins for a moment, so that both threads act at the same time, and then blocks: where other tests use the cores, a thread that yields
    // waits for a time slice in every round, and one that is woken does not.
    private sealed class Turn : IDisposable
    {
        private readonly AutoResetEvent _hasCome = new(false);
        private int _round;

        public void Come(int round)
        {
            Volatile.Write(ref _round, round);
            _ = _hasCome.Set();
        }

        public void Wait(int round)
        {
            if (HasComeSoon(round))
                return;
            while (Volatile.Read(ref _round) < round)
                _ = _hasCome.WaitOne();
        }

        public bool HasComeSoon(int round)
        {
            for (int spins = 0; Volatile.Read(ref _round) < round; spins++)
            {
                if (spins == 100)
                    return false;
                Thread.SpinWait(10);
            }

            return true;
        }

        public void Dispose() => _hasCome.Dispose();
    }
}
