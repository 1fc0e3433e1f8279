using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

public sealed class TickerTests : IDisposable
{
    private readonly WatchedClock _clock = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _ticks;

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task RunAsync_TimePasses_WorksAtOnceAndAtEveryInterval()
    {
        Task run = new Ticker("test", () => TimeSpan.FromSeconds(1), _ => Interlocked.Increment(ref _ticks)).RunAsync(
            _clock, _stopping.Token);
        Assert.Equal(1, _ticks);

        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, _ticks);
        for (int ticks = 2; ticks < 5; ticks++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Until.TrueAsync(() => Volatile.Read(ref _ticks) == ticks, "the next tick");
        }

        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_IntervalChanges_TicksAtTheNewOne()
    {
        TimeSpan interval = TimeSpan.FromSeconds(10);
        Task run = new Ticker("test", () => interval, _ => Interlocked.Increment(ref _ticks)).RunAsync(_clock, _stopping.Token);

        interval = TimeSpan.FromSeconds(1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await Until.TrueAsync(() => Volatile.Read(ref _ticks) == 2, "the tick after the long interval");
        await Until.TrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return Volatile.Read(ref _ticks) > 4;
            },
            "ticks after the short interval");

        await StopAsync(run);
    }

    [Fact]
    public async Task Reschedule_IntervalHasBecomeShorter_TicksSoonAndOnce()
    {
        TimeSpan interval = TimeSpan.FromSeconds(10);
        var ticker = new Ticker("test", () => interval, _ =>
        {
            interval = TimeSpan.FromSeconds(10);
            Interlocked.Increment(ref _ticks);
        });
        ticker.Reschedule(); // no effect before it runs
        Task run = ticker.RunAsync(_clock, _stopping.Token);

        interval = TimeSpan.FromMilliseconds(5);
        ticker.Reschedule();
        _clock.Advance(TimeSpan.FromMilliseconds(3));
        ticker.Reschedule(); // does not begin the interval again
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        await Until.TrueAsync(() => Volatile.Read(ref _ticks) == 2, "the tick after the short interval");
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(2, Volatile.Read(ref _ticks));

        await StopAsync(run);
        interval = TimeSpan.FromMilliseconds(5);
        ticker.Reschedule(); // no effect after it has ended
    }

    [Fact]
    public async Task RunAsync_WorkThrows_EndsWithTheException()
    {
        Task run = new Ticker("test", () => TimeSpan.FromSeconds(1), _ => throw new InvalidOperationException("a defect")).RunAsync(
            _clock, _stopping.Token);

        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(() => run);
        Assert.Equal("a defect", exception.Message);
    }

    [Fact]
    public async Task FinishAsync_WorkHasStartedSomething_WaitsForIt()
    {
        var started = new TaskCompletionSource();
        var ticker = new Ticker("test", () => TimeSpan.FromSeconds(1), _ => { }, () => started.Task);
        await StopAsync(ticker.RunAsync(_clock, _stopping.Token));

        Task finishing = ticker.FinishAsync();
        Assert.False(finishing.IsCompleted);
        started.SetResult();

        await finishing.Done();
    }

    [Fact]
    public async Task RunAsync_WorkThrowsWhileWhatItStartedGoesOn_FailsAtOnce()
    {
        Task run = new Ticker(
            "test",
            () => TimeSpan.FromSeconds(1),
            _ => throw new InvalidOperationException("a defect"),
            () => new TaskCompletionSource().Task).RunAsync(_clock, _stopping.Token);

        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => run.Done());
    }

    [Fact]
    public async Task OverdueBy_WorkIsNotDone_IsTheTimeSinceItShouldHaveBeen()
    {
        using var hang = new ManualResetEventSlim();
        var ticker = new Ticker("test", () => TimeSpan.FromSeconds(1), _ =>
        {
            if (Interlocked.Increment(ref _ticks) > 1)
                hang.Wait(CancellationToken.None);
        });
        Assert.Equal(TimeSpan.Zero, ticker.OverdueBy(_clock)); // it does not run
        Task run = ticker.RunAsync(_clock, _stopping.Token);
        Assert.Equal(TimeSpan.Zero, ticker.OverdueBy(_clock));

        Task advancing = Task.Run(() => _clock.Advance(TimeSpan.FromSeconds(5)));
        await Until.TrueAsync(() => Volatile.Read(ref _ticks) == 2, "the tick that hangs");
        Assert.Equal(TimeSpan.FromSeconds(4), ticker.OverdueBy(_clock));

        hang.Set();
        await advancing;
        await Until.TrueAsync(() => ticker.OverdueBy(_clock) == TimeSpan.Zero, "the end of the tick");
        await StopAsync(run);
    }

    [Fact]
    public async Task OverdueBy_NothingWasDueBefore_CountsFromTheShorterInterval()
    {
        TimeSpan interval = Timeout.InfiniteTimeSpan;
        var ticker = new Ticker("test", () => interval, _ => { });
        Task run = ticker.RunAsync(_clock, _stopping.Token);
        _clock.Advance(TimeSpan.FromHours(1));

        interval = TimeSpan.FromSeconds(1);
        ticker.Reschedule();

        Assert.Equal(TimeSpan.Zero, ticker.OverdueBy(_clock));
        await StopAsync(run);
    }

    private async Task StopAsync(Task run)
    {
        await _stopping.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Done());
    }
}
