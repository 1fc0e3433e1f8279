using LbTcp.Connections;
using LbTcp.Hosting;
using LbTcp.Hosting.Operations;
using NSubstitute;

namespace LbTcp.Tests.Hosting.Operations;

public sealed class LivenessProbeTests : IDisposable
{
    private readonly LoadBalancerFixture _service = new();
    private readonly ITransportThread _thread = Substitute.For<ITransportThread>();

    public LivenessProbeTests() => _thread.TurnAsync().Returns(Task.FromResult(1));

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task VerifyAsync_EverythingTurns_IsAlive()
    {
        LivenessReport report = await Probe([]).VerifyAsync(CancellationToken.None).Done();

        Assert.True(report.IsAlive);
        Assert.Empty(report.Problems);
    }

    [Fact]
    public async Task VerifyAsync_LoopDoesNotTurn_SaysWhich()
    {
        _thread.Number.Returns(3);
        _thread.TurnAsync().Returns(new TaskCompletionSource<int>().Task);

        Task<LivenessReport> verifying = Probe([]).VerifyAsync(CancellationToken.None);
        Assert.False(verifying.IsCompleted);
        _service.Clock.Advance(TimeSpan.FromSeconds(1));

        LivenessReport report = await verifying.Done();
        Assert.False(report.IsAlive);
        Assert.Equal(["The event loop 3 has not turned for 1s."], report.Problems);
    }

    [Fact]
    public async Task VerifyAsync_PeriodicWorkHangs_SaysWhich()
    {
        using var hang = new ManualResetEventSlim();
        using var working = new ManualResetEventSlim();
        _service.Tickers.Add(new Ticker("checks", () => TimeSpan.FromSeconds(1), _ =>
        {
            working.Set();
            hang.Wait(CancellationToken.None);
        }));
        LoadBalancer balancer = _service.Create();
        Task<bool> run = Task.Run(() => new ServiceGroup([balancer]).RunAsync(_service.Stopping.Token, _service.Aborting.Token));
        Assert.True(working.Wait(Until.Patience));

        _service.Clock.Advance(TimeSpan.FromSeconds(11.5));
        LivenessReport report = await Probe([balancer]).VerifyAsync(CancellationToken.None).Done();
        hang.Set();

        Assert.Contains("'checks'", Assert.Single(report.Problems, problem => problem.Contains("checks", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        await _service.StopAsync(run);
    }

    private LivenessProbe Probe(LoadBalancer[] services) => new([_thread], () => services, _service.Clock);
}
