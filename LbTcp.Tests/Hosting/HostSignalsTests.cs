using System.Runtime.InteropServices;
using LbTcp.Hosting;

namespace LbTcp.Tests.Hosting;

public sealed class HostSignalsTests : IDisposable
{
    private readonly HostSignals _signals = new();

    public void Dispose() => _signals.Dispose();

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGQUIT)]
    public void Handle_FirstStopSignal_StopsAndKeepsTheProcess(PosixSignal signal)
    {
        Assert.True(Send(signal));
        Assert.True(_signals.Stopping.IsCancellationRequested);
        Assert.False(_signals.Aborting.IsCancellationRequested);
    }

    [Fact]
    public void Handle_SecondStopSignal_Aborts()
    {
        Send(PosixSignal.SIGTERM);
        Assert.True(Send(PosixSignal.SIGINT));
        Assert.True(_signals.Aborting.IsCancellationRequested);
        Assert.True(Send(PosixSignal.SIGINT)); // further ones change nothing
    }

    [Fact]
    public void Handle_Hangup_RequestsAReloadAndNoStop()
    {
        int reloads = 0;
        _signals.OnReloadRequested(() => reloads++);

        Assert.True(Send(PosixSignal.SIGHUP));
        Assert.Equal(1, reloads);
        Assert.False(_signals.Stopping.IsCancellationRequested);
        Send(PosixSignal.SIGTERM);
        Assert.True(Send(PosixSignal.SIGHUP));
        Assert.False(_signals.Aborting.IsCancellationRequested);
    }

    [Fact]
    public void Handle_Usr1_RequestsThatTheLogFileIsOpenedAgainAndNothingElse()
    {
        int requests = 0;
        Assert.True(Send((PosixSignal)10)); // without a log file it is ignored
        _signals.ReopenRequested += () => requests++;

        Assert.True(Send((PosixSignal)10));

        Assert.Equal((1, false), (requests, _signals.Stopping.IsCancellationRequested));
    }

    // The process may still be starting.
    [Fact]
    public void OnReloadRequested_AfterAHangup_IsCalledOnceAtOnce()
    {
        int reloads = 0;
        Send(PosixSignal.SIGHUP);
        Send(PosixSignal.SIGHUP);

        _signals.OnReloadRequested(() => reloads++);
        _signals.OnReloadRequested(() => reloads++);

        Assert.Equal(1, reloads);
    }

    // Whether the default action of the system was suppressed.
    private bool Send(PosixSignal signal)
    {
        var context = new PosixSignalContext(signal);
        _signals.Handle(context);
        return context.Cancel;
    }
}
