using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Hosting;

/// <summary>A reloader whose clock, files and process the test plays.</summary>
public abstract class ReloaderScenario : IDisposable
{
    private protected static readonly ApplyResult Nothing = ReloadResults.To("a:1", "b:1");
    private protected static readonly ApplyResult OneAdded = ReloadResults.To("a:1", "b:1", "c:1");

    private readonly FakeTimeProvider _clock = new();
    private readonly TemporaryDirectory _directory = new();

    protected ReloaderScenario()
    {
        Configuration = new ConfigurationResult(Options, [], [PathOf("backends.txt")]);
        Change();
        Target.ApplyAsync(Options, Arg.Any<CancellationToken>()).Returns(Nothing);
        Reloader = Create();
    }

    private protected IReloadTarget Target { get; } = Substitute.For<IReloadTarget>();

    private protected HostOptions Options { get; } = new() { Services = [] };

    private protected LogRecorder<ReloadLog> Log { get; } = new();

    /// <summary>What the files say.</summary>
    private protected ConfigurationResult Configuration { get; set; }

    private protected Dictionary<string, FileStamp> Stamps { get; } = [];

    private protected Reloader Reloader { get; }

    /// <summary>How often the files were read since the start.</summary>
    private protected int Reads { get; private set; }

    public void Dispose()
    {
        Reloader.Dispose();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected string PathOf(string file) => _directory[file];

    private protected Reloader Create() => new(
        Configuration.Files,
        () =>
        {
            Reads++;
            return Configuration;
        },
        Target,
        new FileWatch(file => Stamps.GetValueOrDefault(file), _clock),
        new ReloadLog(new ReloadChangesLog(NullLoggerFactory.Instance, new ServiceLoggers(NullLoggerFactory.Instance)), _clock, Log),
        _clock);

    private protected async Task StartAsync()
    {
        await SettleAsync();
        Target.ClearReceivedCalls();
        Reads = 0;
    }

    private protected async Task ChangeAsync()
    {
        Change();
        await PollAsync();
        await SettleAsync();
    }

    /// <summary>Lets the files stay as they are for long enough.</summary>
    private protected Task SettleAsync()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return PollAsync();
    }

    private protected Task PollAsync() => PollAsync(Reloader);

    private protected static async Task PollAsync(Reloader reloader)
    {
        reloader.Poll(default);
        await reloader.FinishAsync().Done();
    }

    private void Change()
    {
        string file = Configuration.Files[0];
        Stamps[file] = new FileStamp(FileKind.Regular, 1 + Stamps.GetValueOrDefault(file).Fingerprint);
    }
}
