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

public sealed class ReloaderTests : IDisposable
{
    private static readonly ApplyResult _nothing = ReloadResults.To("a:1", "b:1");
    private static readonly ApplyResult _oneAdded = ReloadResults.To("a:1", "b:1", "c:1");

    private readonly FakeTimeProvider _clock = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly LogRecorder<ReloadLog> _log = new();
    private readonly IReloadTarget _target = Substitute.For<IReloadTarget>();
    private readonly HostOptions _options = new() { Services = [] };
    private readonly Dictionary<string, FileStamp> _stamps = [];
    private readonly Reloader _reloader;
    private ConfigurationResult _configuration;
    private int _reads;

    public ReloaderTests()
    {
        _configuration = new ConfigurationResult(_options, [], [_directory["backends.txt"]]);
        Change();
        _target.ApplyAsync(_options, Arg.Any<CancellationToken>()).Returns(_nothing);
        _reloader = Create();
    }

    public void Dispose()
    {
        _reloader.Dispose();
        _directory.Dispose();
    }

    // The file may have changed while the process was starting.
    [Fact]
    public async Task Poll_TheFirst_AppliesWhatTheFilesSayNowWithoutARecord()
    {
        await PollAsync();
        Assert.Equal(0, _reads); // somebody may be writing it just now
        await SettleAsync();
        await PollAsync();

        await _target.Received(1).ApplyAsync(_options, Arg.Any<CancellationToken>());
        Assert.Empty(_log.Records);
    }

    [Fact]
    public async Task Poll_FileChanged_AppliesIt()
    {
        await StartAsync();
        _target.ApplyAsync(_options, Arg.Any<CancellationToken>()).Returns(_oneAdded);

        await ChangeAsync();

        LogRecord record = _log.Single(EventIds.ReloadDone);
        Assert.Equal((ReloadTrigger.File, 1, 2), (record["Trigger"], (int)record["Added"]!, (int)record["Unchanged"]!));
        _target.Received(1).EndReport();
    }

    [Fact]
    public async Task Poll_FileChangedInComments_IsNotLogged()
    {
        await StartAsync();

        await ChangeAsync();

        Assert.Equal(1, _reads);
        Assert.Empty(_log.Records);
    }

    [Fact]
    public async Task Request_NothingChanged_ReloadsAtOnceAndIsAnswered()
    {
        await StartAsync();
        bool isWoken = false;
        _reloader.Woken += () => isWoken = true;

        _reloader.Request();
        Assert.True(isWoken);
        Assert.InRange(_reloader.Interval, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(10));
        await PollAsync();

        Assert.Equal(ReloadTrigger.Signal, _log.Single(EventIds.ReloadDone)["Trigger"]);
        Assert.Equal(FileWatch.PollInterval, _reloader.Interval);
    }

    [Fact]
    public async Task Poll_InvalidFile_KeepsWhatRunsAndIsLoggedOnce()
    {
        await StartAsync();
        ConfigurationError first = new("backends.txt", "'x' is not a backend.", 12, 9);
        _configuration = new ConfigurationResult(null, [first, first with { Line = 13 }], _configuration.Files);

        await ChangeAsync();
        await ChangeAsync();

        await _target.DidNotReceive().ApplyAsync(Arg.Any<HostOptions>(), Arg.Any<CancellationToken>());
        LogRecord record = _log.Single(EventIds.ReloadRefused);
        Assert.Equal(("backends.txt:12:9", 1), (record["Source"], (int)record["More"]!));
    }

    [Fact]
    public async Task Request_InvalidFile_IsLoggedAgain()
    {
        await StartAsync();
        _configuration = new ConfigurationResult(null, [new("backends.txt", "It is empty.")], _configuration.Files);
        await ChangeAsync();

        _reloader.Request();
        await PollAsync();

        Assert.Equal(2, _log.Count(EventIds.ReloadRefused));
    }

    [Fact]
    public async Task Poll_InvalidFileMendedToWhatRuns_IsLogged()
    {
        await StartAsync();
        ConfigurationResult valid = _configuration;
        _configuration = new ConfigurationResult(null, [new("backends.txt", "It is empty.")], valid.Files);
        await ChangeAsync();
        _configuration = valid;

        await ChangeAsync();

        Assert.Equal(1, _log.Count(EventIds.ReloadDone));
    }

    [Fact]
    public async Task Poll_RefusedByWhatRuns_IsLoggedOnce()
    {
        await StartAsync();
        _target.ApplyAsync(_options, Arg.Any<CancellationToken>()).Returns(ApplyResult.Refused("transport cannot change."));

        await ChangeAsync();
        await ChangeAsync();

        Assert.Equal("transport cannot change.", _log.Single(EventIds.ReloadRefused)["Error"]);
        Assert.Equal(0, _log.Count(EventIds.ReloadDone));
    }

    [Fact]
    public async Task Poll_DefectInAReload_IsLoggedAndTheNextOneWorks()
    {
        await StartAsync();
        _target.ApplyAsync(_options, Arg.Any<CancellationToken>()).ThrowsAsync(new InvalidOperationException("a defect"));
        await ChangeAsync();
        Assert.Equal(1, _log.Count(EventIds.ReloadFailed));
        _target.ApplyAsync(_options, Arg.Any<CancellationToken>()).Returns(_oneAdded);

        await ChangeAsync();

        Assert.Equal(1, _log.Count(EventIds.ReloadDone));
    }

    [Fact]
    public async Task Poll_WhileAReloadRuns_StartsNoSecondOneAndForgetsNoRequest()
    {
        await StartAsync();
        var applying = new TaskCompletionSource<ApplyResult>();
        _target.ApplyAsync(_options, Arg.Any<CancellationToken>()).Returns(applying.Task, Task.FromResult(_nothing));
        _reloader.Request();
        _reloader.Poll(default);

        _reloader.Request();
        _reloader.Request();
        _reloader.Poll(default);
        Assert.Equal(1, _reads);
        applying.SetResult(_nothing);
        await _reloader.FinishAsync().Done();
        await PollAsync();

        Assert.Equal(2, _reads);
    }

    // The configuration names a new file, whose stamp is taken after it was read.
    [Fact]
    public async Task Poll_ConfigurationWithANewFile_ReadsItAgain()
    {
        await StartAsync();
        _configuration = _configuration with { Files = [.. _configuration.Files, _directory["more.txt"]] };

        await ChangeAsync();

        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Request_FileThatIsAPipe_IsRefusedWithoutReadingIt()
    {
        _stamps[_configuration.Files[0]] = new FileStamp(FileKind.Other, 0);
        using Reloader reloader = Create();
        await PollAsync(reloader);
        Assert.Empty(_log.Records);

        reloader.Request();
        await PollAsync(reloader);

        Assert.Equal(0, _reads);
        Assert.Contains("cannot be read again", (string)_log.Single(EventIds.ReloadRefused)["Error"]!, StringComparison.Ordinal);
    }

    private Reloader Create() => new(
        _configuration.Files,
        () =>
        {
            _reads++;
            return _configuration;
        },
        _target,
        new FileWatch(file => _stamps.GetValueOrDefault(file), _clock),
        new ReloadLog(new ReloadChangesLog(NullLoggerFactory.Instance, new ServiceLoggers(NullLoggerFactory.Instance)), _clock, _log),
        _clock);

    private async Task StartAsync()
    {
        await SettleAsync();
        _target.ClearReceivedCalls();
        _reads = 0;
    }

    private async Task ChangeAsync()
    {
        Change();
        await PollAsync();
        await SettleAsync();
    }

    private Task SettleAsync()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return PollAsync();
    }

    private void Change()
    {
        string file = _configuration.Files[0];
        _stamps[file] = new FileStamp(FileKind.Regular, 1 + _stamps.GetValueOrDefault(file).Fingerprint);
    }

    private Task PollAsync() => PollAsync(_reloader);

    private static async Task PollAsync(Reloader reloader)
    {
        reloader.Poll(default);
        await reloader.FinishAsync().Done();
    }
}
