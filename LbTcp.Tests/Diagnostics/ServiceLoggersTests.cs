using System.Net;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Diagnostics;

public sealed class ServiceLoggersTests : IDisposable
{
    private const string Time = "2026-11-22T16:04:05.123Z";

    private readonly ScriptedStream _stream = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse(Time));

    public void Dispose() => _stream.Dispose();

    [Theory]
    [InlineData(LogFormat.Text, false, $"{Time} info no longer listening on 10.0.0.1:80\n")]
    [InlineData(LogFormat.Text, true, $"{Time} info no longer listening on 10.0.0.1:80 service=web\n")]
    [InlineData(LogFormat.Json, true,
        $$"""{"time":"{{Time}}","level":"info","event":110,"message":"no longer listening on 10.0.0.1:80","service":"web",""" +
        "\"address\":\"10.0.0.1:80\"}\n")]
    internal void For_AnyRecord_HasTheNameOnceThereIsASecondService(LogFormat format, bool isNamed, string expected) =>
        Assert.Equal(expected, Write(format, isNamed, loggers => new StartLog(loggers.CreateLogger<StartLog>())
            .ListeningEnded(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80))));

    [Fact]
    public void For_EndRecord_BeginsWithTheName() => Assert.StartsWith(
        $"{Time} info connection closed service=web id=1 client=10.0.0.9:5 reason=completed",
        Write(LogFormat.Text, isNamed: true, loggers => EndRecordLog.ConnectionClosed(loggers.CreateLogger("x"), new ConnectionEndRecord
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
        })),
        StringComparison.Ordinal);

    [Fact]
    public void Level_Changes_AppliesToLoggersThatExist()
    {
        using (var logs = new LogPipeline(_stream, LogFormat.Text, LogLevel.Warning, _time))
        {
            var log = new StartLog(new ServiceLoggers(logs.Loggers).For("web").CreateLogger<StartLog>());
            log.Stopped();
            logs.Level = LogLevel.Information;
            log.Stopped();
            logs.Level = LogLevel.Error;
            log.Stopped();
        }

        Assert.Equal($"{Time} info stopped\n", _stream.WaitFor(_ => true));
    }

    private string Write(LogFormat format, bool isNamed, Action<ILoggerFactory> write)
    {
        using (var logs = new LogPipeline(_stream, format, LogLevel.Information, _time))
        {
            var loggers = new ServiceLoggers(logs.Loggers);
            using ILoggerFactory ofService = loggers.For("web");
            if (isNamed)
                loggers.Name();
            write(ofService);
        }

        return _stream.WaitFor(_ => true);
    }
}
