using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace LbTcp.Tests.Hosting;

/// <summary>Reloads that an operator requests and waits for.</summary>
public sealed class ReloaderRequestTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LogRecorder<ReloadLog> _log = new();
    private readonly IReloadTarget _target = Substitute.For<IReloadTarget>();
    private readonly Reloader _reloader;
    private ConfigurationResult _configuration = new(new HostOptions { Services = [] }, [], []);

    public ReloaderRequestTests()
    {
        _target.ApplyAsync(default!, default).ReturnsForAnyArgs(ReloadResults.To("a:1", "b:1", "c:1"));
        _reloader = new Reloader(
            [],
            () => _configuration,
            _target,
            new FileWatch(_ => default, _clock),
            new ReloadLog(new ReloadChangesLog(NullLoggerFactory.Instance, new ServiceLoggers(NullLoggerFactory.Instance)), _clock, _log),
            _clock);
    }

    public void Dispose() => _reloader.Dispose();

    [Fact]
    public async Task RequestAsync_Applied_HasThePlanAndIsLoggedWithItsTrigger()
    {
        bool isWoken = false;
        _reloader.Woken += () => isWoken = true;

        Task<ReloadOutcome> request = _reloader.RequestAsync();
        Assert.True(isWoken);
        Assert.InRange(_reloader.Interval, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(10));
        _reloader.Poll(default);

        ReloadOutcome outcome = await request.Done();
        Assert.Equal((0, 1), (outcome.Errors.Count, outcome.Plan!.Added));
        Assert.Equal(ReloadTrigger.Admin, _log.Single(EventIds.ReloadDone)["Trigger"]);
        Assert.Equal((1, 0), (_reloader.Counts.Done, _reloader.Counts.Refused));
    }

    [Fact]
    public async Task RequestAsync_SeveralBeforeThePoll_AreOneReload()
    {
        Task<ReloadOutcome> first = _reloader.RequestAsync();
        Task<ReloadOutcome> second = _reloader.RequestAsync();

        _reloader.Poll(default);

        Assert.Same(await first.Done(), await second.Done());
        await _target.ReceivedWithAnyArgs(1).ApplyAsync(default!, default);
    }

    // It might have read the files before they were changed.
    [Fact]
    public async Task RequestAsync_WhileAReloadRuns_WaitsForTheNextOne()
    {
        var applying = new TaskCompletionSource<ApplyResult>();
        _target.ApplyAsync(default!, default).ReturnsForAnyArgs(applying.Task, Task.FromResult(ReloadResults.To("a:1")));
        _reloader.Request();
        _reloader.Poll(default);
        Task<ReloadOutcome> request = _reloader.RequestAsync();
        _reloader.Poll(default);

        applying.SetResult(ReloadResults.To("a:1", "b:1"));
        await _reloader.FinishAsync().Done();
        Assert.False(request.IsCompleted);
        _reloader.Poll(default);

        Assert.Equal(1, (await request.Done()).Plan!.Removed);
    }

    [Fact]
    public async Task RequestAsync_InvalidOrRefusedOrADefect_SaysWhy()
    {
        ConfigurationResult valid = _configuration;
        _configuration = new ConfigurationResult(null, [new("backends.txt", "It is empty.", 3)], []);
        Assert.Equal("backends.txt:3: It is empty.", $"{Assert.Single((await ReloadAsync()).Errors)}");

        _configuration = valid;
        _target.ApplyAsync(default!, default).ReturnsForAnyArgs(ApplyResult.Refused("transport cannot change."));
        Assert.Equal("transport cannot change.", $"{Assert.Single((await ReloadAsync()).Errors)}");

        _target.ApplyAsync(default!, default).ThrowsAsyncForAnyArgs(new InvalidOperationException("a defect"));
        Assert.Contains("a defect", $"{Assert.Single((await ReloadAsync()).Errors)}", StringComparison.Ordinal);

        Assert.Equal((0, 3), (_reloader.Counts.Done, _reloader.Counts.Refused));
    }

    [Fact]
    public async Task Close_RequestsWait_AreRefused()
    {
        Task<ReloadOutcome> before = _reloader.RequestAsync();
        _reloader.Close();

        Assert.Null((await before.Done()).Plan);
        Assert.Null((await _reloader.RequestAsync().Done()).Plan);
    }

    [Fact]
    public async Task Poll_TheFirstChangesNothing_IsNotCounted()
    {
        _target.ApplyAsync(default!, default).ReturnsForAnyArgs(ReloadResults.To("a:1", "b:1"));
        DateTimeOffset start = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromSeconds(1));

        _reloader.Poll(default);
        await _reloader.FinishAsync().Done();

        Assert.Equal((0, start), (_reloader.Counts.Done, _reloader.Counts.ConfiguredAt));
    }

    [Fact]
    public void Plan_Changes_AreNotAppliedNorLogged()
    {
        _target.Plan(default!).ReturnsForAnyArgs(ReloadResults.To("a:1").Plan!);

        ReloadOutcome outcome = _reloader.Plan();

        Assert.Equal(["reload removed backend=b:1 on_removed=drain"], ReloadChanges.Of(outcome.Plan!));
        _target.DidNotReceiveWithAnyArgs().ApplyAsync(default!, default);
        Assert.Empty(_log.Records);
    }

    private async Task<ReloadOutcome> ReloadAsync()
    {
        Task<ReloadOutcome> request = _reloader.RequestAsync();
        _reloader.Poll(default);
        return await request.Done();
    }
}
