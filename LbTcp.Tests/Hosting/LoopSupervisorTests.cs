using LbTcp.Diagnostics;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Hosting;

public sealed class LoopSupervisorTests : IDisposable
{
    private readonly LogRecorder<LoadBalancer> _logs = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly LoopSupervisor _supervisor;

    public LoopSupervisorTests() => _supervisor = new LoopSupervisor(_logs);

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task Run_LoopThatEndsAsRequested_IsNoFailure()
    {
        _ = _supervisor.Run("endless", stopping => Task.Delay(Timeout.Infinite, stopping), _stopping.Token);
        Assert.False(_supervisor.WhenEndedAsync().IsCompleted);

        await _stopping.CancelAsync();

        await _supervisor.WhenEndedAsync().Done();
        Assert.False(_supervisor.Failed.IsCompleted);
        Assert.Empty(_logs.Records);
    }

    [Fact]
    public async Task Run_LoopThatThrows_IsACriticalFailureAndLeavesTheOthersRunning()
    {
        var failing = new TaskCompletionSource();
        _ = _supervisor.Run("endless", stopping => Task.Delay(Timeout.Infinite, stopping), _stopping.Token);
        _ = _supervisor.Run("broken", _ => failing.Task, _stopping.Token);
        Assert.False(_supervisor.Failed.IsCompleted);

        failing.SetException(new InvalidOperationException("a defect"));

        await _supervisor.Failed.Done();
        LogRecord record = _logs.Single(EventIds.ServiceFailed);
        Assert.Equal(LogLevel.Critical, record.Level);
        Assert.Equal(("broken", "a defect"), (record["Loop"], record["Error"]));
        Assert.False(_supervisor.WhenEndedAsync().IsCompleted);
    }

    [Fact]
    public async Task Run_LoopThatEndsUnexpectedly_IsAFailure()
    {
        _ = _supervisor.Run("short", _ => Task.CompletedTask, _stopping.Token);

        await _supervisor.Failed.Done();
        _ = _logs.Single(EventIds.ServiceFailed);
    }

    [Fact]
    public async Task Run_LoopThatIsCancelledByAnotherToken_IsAFailure()
    {
        _ = _supervisor.Run("cancelled", _ => Task.FromCanceled(new CancellationToken(canceled: true)), _stopping.Token);

        await _supervisor.Failed.Done();
        _ = _logs.Single(EventIds.ServiceFailed);
    }

    [Fact]
    public async Task Run_LoopThatFailsWhileItEnds_IsAFailure()
    {
        var ending = new TaskCompletionSource();
        _ = _supervisor.Run("ending", _ => ending.Task, _stopping.Token);
        await _stopping.CancelAsync();

        ending.SetException(new InvalidOperationException("a defect"));

        await _supervisor.WhenEndedAsync().Done();
        await _supervisor.Failed.Done();
    }
}
