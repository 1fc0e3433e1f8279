using System.Net;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Diagnostics;

public sealed partial class EventRecorderTests : IDisposable
{
    private readonly ScriptedStream _stream = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-11-22T16:04:05.123Z"));
    private readonly EventRecorder _recorder;

    public EventRecorderTests() => _recorder = new EventRecorder(_time);

    public void Dispose()
    {
        _recorder.Dispose();
        _stream.Dispose();
    }

    [Fact]
    public void Log_RecordOfAService_IsAnEventWithTheFieldsAsInTheLog()
    {
        using (LogPipeline logs = Create(LogLevel.Information))
            Log.Down(Service(logs).CreateLogger("test"), "web1", "connection refused", TimeSpan.FromSeconds(1.5), 3, hint: null);

        EventRecord record = Assert.Single(_recorder.Events.After(0));
        Assert.Equal((1, _time.GetUtcNow(), LogLevel.Warning, 900), (record.Id, record.Time, record.Level, record.Code));
        Assert.Equal(("backend is unhealthy", "web", "web1"), (record.Message, record.Service, record.Backend));
        Assert.Equal(
            [new("reason", "connection refused"), new("lasted_for", "1.5s"), new("failures", "3")],
            record.Fields);
        Assert.Equal(
            "2026-11-22T16:04:05.123Z warn backend is unhealthy backend=web1 reason=\"connection refused\" lasted_for=1.5s failures=3\n",
            _stream.WaitFor(_ => true)); // one service: the log does not name it
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Log_ServicesAreNamedOrNot_TheEventHasItsServiceOnce(bool areNamed)
    {
        using LogPipeline logs = Create(LogLevel.Information);
        var services = new ServiceLoggers(logs.Loggers, keepsEvents: true);
        if (areNamed)
            services.Name();

        new StartLog(services.For("web").CreateLogger<StartLog>()).ListeningEnded(new IPEndPoint(IPAddress.Loopback, 80));
        new StartLog(logs.Loggers.CreateLogger<StartLog>()).Stopped();

        Assert.Equal(["web", null], _recorder.Events.After(0).Select(record => record.Service));
        Assert.All(_recorder.Events.After(0), record => Assert.Empty(record.Fields));
    }

    [Fact]
    public void Log_RecordThatWritesItsOwnFields_HasItsService()
    {
        using LogPipeline logs = Create(LogLevel.Information);

        var fields = new OwnFields();
        Service(logs).CreateLogger("test").Log(LogLevel.Information, 901, fields, null, static (state, _) => state.Message);

        EventRecord record = Assert.Single(_recorder.Events.After(0));
        Assert.Equal(("reload changed", "web", "web1"), (record.Message, record.Service, record.Backend));
        Assert.Equal([new("weight", "3")], record.Fields);
    }

    [Theory]
    [InlineData(LogLevel.Error)]
    [InlineData(LogLevel.Debug)]
    public void Log_AnyLevelOfTheOutput_KeepsInformationAndAbove(LogLevel level)
    {
        using LogPipeline logs = Create(LogLevel.Information);
        logs.Level = level;
        ILogger logger = Service(logs).CreateLogger("test");

        Log.Detail(logger);
        Log.Note(logger);

        Assert.Equal(903, Assert.Single(_recorder.Events.After(0)).Code);
        Assert.Equal(level == LogLevel.Debug, logger.IsEnabled(LogLevel.Debug));
    }

    [Fact]
    public void Log_EndRecords_AreNoEvents()
    {
        using LogPipeline logs = Create(LogLevel.Information);

        EndRecordLog.ConnectionClosed(Service(logs).CreateLogger<ConnectionHandler>(), Record());

        Assert.Contains("connection closed", _stream.WaitFor(text => text.Length > 0), StringComparison.Ordinal);
        Assert.Empty(_recorder.Events.After(0));
    }

    // Only then does the log cost nothing for them.
    [Fact]
    public void Log_EndRecordsBelowTheLevelOfTheOutput_AreNotEvenEnabled()
    {
        using LogPipeline logs = Create(LogLevel.Warning);
        ILogger logger = Service(logs).CreateLogger<ConnectionHandler>();
        ConnectionEndRecord record = Record();
        EndRecordLog.ConnectionClosed(logger, record);

        long before = GC.GetAllocatedBytesForCurrentThread();
        EndRecordLog.ConnectionClosed(logger, record);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.False(logger.IsEnabled(LogLevel.Information));
        Assert.True(logger.IsEnabled(LogLevel.Error));
    }

    [Fact]
    public void Log_OutputIsBlocked_DoesNotWait()
    {
        using LogPipeline logs = Create(LogLevel.Information);
        _stream.Block();
        ILogger logger = Service(logs).CreateLogger("test");

        for (int i = 0; i < 2 * EventRecorder.Capacity; i++)
            Log.Note(logger);

        Assert.Equal(EventRecorder.Capacity, _recorder.Events.After(0).Count);
        Assert.Equal(2 * EventRecorder.Capacity, _recorder.Events.LastId);
        _stream.Accept();
    }

    private LogPipeline Create(LogLevel level) => new(_stream, LogFormat.Text, level, _time, _recorder);

    private static ILoggerFactory Service(LogPipeline logs) => new ServiceLoggers(logs.Loggers, keepsEvents: true).For("web");

    private static ConnectionEndRecord Record() => new()
    {
        Id = 1,
        Client = IPEndPoint.Parse("10.0.0.9:5"),
        Backend = null,
        Address = null,
        Reason = ConnectionEndReason.Completed,
        EndedBy = ConnectionSide.Client,
        Sent = 0,
        Received = 0,
        Undelivered = 0,
        Connect = null,
        Duration = TimeSpan.Zero,
        FailedAttempts = [],
    };

    private sealed class OwnFields : ILogRecord
    {
        public string Message => "reload changed";

        public void WriteFields(LogLine line)
        {
            line.Text("backend"u8, "web1");
            line.Number("weight"u8, 3);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(900, LogLevel.Warning,
            "backend is unhealthy backend={Backend} reason={Reason} lasted_for={LastedFor} failures={Failures} hint={Hint}")]
        public static partial void Down(
            ILogger logger, string backend, string reason, TimeSpan lastedFor, int failures, string? hint);

        [LoggerMessage(902, LogLevel.Debug, "detail")]
        public static partial void Detail(ILogger logger);

        [LoggerMessage(903, LogLevel.Information, "note")]
        public static partial void Note(ILogger logger);
    }
}
