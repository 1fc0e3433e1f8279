using System.Net;
using System.Text.Json;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Diagnostics;

public sealed partial class LogPipelineTests : IDisposable
{
    private const string Time = "2026-11-22T16:04:05.123Z";

    private readonly ScriptedStream _stream = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse(Time));

    public void Dispose() => _stream.Dispose();

    [Fact]
    public void ConnectionClosed_Text_IsTheEndRecord()
    {
        Assert.Equal(
            $"{Time} info connection closed id=1f3 client=10.0.0.9:51322 backend=web1 address=10.0.1.4:3001 reason=completed " +
            "ended_by=client sent=512 received=20480 connect=0.4ms duration=3.2s\n",
            Write(LogFormat.Text, logger => EndRecordLog.ConnectionClosed(logger, Record())));
    }

    [Fact]
    public void ConnectionClosed_Json_HasTheSameFields()
    {
        Assert.Equal(
            Json($"{{'time':'{Time}','level':'info','event':300,'message':'connection closed','id':'1f3','client':'10.0.0.9:51322',") +
            Json("'backend':'web1','address':'10.0.1.4:3001','reason':'completed','ended_by':'client',") +
            Json("'sent':512,'received':20480,'connect':0.0004,'duration':3.2}\n"),
            Write(LogFormat.Json, logger => EndRecordLog.ConnectionClosed(logger, Record())));
    }

    [Fact]
    public void ConnectionClosed_LocalAddressIsKnown_FollowsThatOfTheBackend()
    {
        ConnectionEndRecord record = Record() with { Local = IPEndPoint.Parse("10.0.0.1:51234") };
        Assert.Contains(
            " address=10.0.1.4:3001 local=10.0.0.1:51234 reason=completed ",
            Write(LogFormat.Text, logger => EndRecordLog.ConnectionClosed(logger, record)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ConnectionClosed_Queued_HasTheTimeAndTheLengthOfTheQueue()
    {
        ConnectionEndRecord record = Record() with { Queue = TimeSpan.FromMilliseconds(12), QueueLength = 3 };
        Assert.Contains(
            " received=20480 queue=12ms queue_length=3 connect=0.4ms ",
            Write(LogFormat.Text, logger => EndRecordLog.ConnectionClosed(logger, record)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ConnectionClosed_NothingReached_OmitsFieldsWithoutAValue()
    {
        ConnectionEndRecord record = Record() with
        {
            Backend = null,
            Address = null,
            Reason = ConnectionEndReason.ConnectFailed,
            EndedBy = ConnectionSide.LbTcp,
            Connect = null,
            Undelivered = 17,
            FailedAttempts = [new("web1", "connection refused"), new("web2", "timed out")],
        };
        Assert.Equal(
            $"{Time} info connection closed id=1f3 client=10.0.0.9:51322 reason=connect_failed ended_by=lbtcp sent=512 received=20480 " +
            "undelivered=17 duration=3.2s attempts=\"web1:connection refused,web2:timed out\"\n",
            Write(LogFormat.Text, logger => EndRecordLog.ConnectionClosed(logger, record)));
        JsonElement json = JsonDocument.Parse(Write(LogFormat.Json, logger => EndRecordLog.ConnectionClosed(logger, record))).RootElement;
        Assert.Equal(
            ["web1:connection refused", "web2:timed out"],
            json.GetProperty("attempts").EnumerateArray().Select(item => item.GetString()));
        Assert.False(json.TryGetProperty("backend", out _));
    }

    [Fact]
    public void Log_GeneratedMessageAsText_IsProseThenTheOtherFields()
    {
        Assert.Equal(
            $"{Time} warn lost contact to web1 ended_by=backend after=1.5s error=\"connection reset\"\n",
            Write(LogFormat.Text, LogLostContact));
    }

    [Fact]
    public void Log_GeneratedMessageAsJson_IsProseThenAllFields()
    {
        Assert.Equal(
            Json($"{{'time':'{Time}','level':'warn','event':900,'message':'lost contact to web1',") +
            Json("'backend':'web1','ended_by':'backend','after':1.5,'error':'connection reset'}\n"),
            Write(LogFormat.Json, LogLostContact));
    }

    [Fact]
    public void Log_Exception_IsOnTheSameLine()
    {
        string line = Write(LogFormat.Text, logger => Log.Failed(logger, new InvalidOperationException("one\ntwo")));
        Assert.Equal($"{Time} error failed id=1f exception=\"System.InvalidOperationException: one\\u000Atwo\"\n", line);
    }

    [Fact]
    public void Log_BelowTheLevel_IsNotWritten()
    {
        Assert.Equal("", Write(LogFormat.Text, logger => Log.Detail(logger, 1)));
    }

    [Fact]
    public void Log_StateOfAnotherKind_IsItsMessage()
    {
        string line = Write(LogFormat.Text, logger => logger.Log(LogLevel.Information, 1, 5, null, (n, _) => $"n={n}"));
        Assert.Equal($"{Time} info n=5\n", line);
    }

    [Fact]
    public void Log_ReaderIsStuck_NeverBlocksAndTheLossIsARecord()
    {
        using var pipeline = new LogPipeline(_stream, LogFormat.Text, LogLevel.Information, _time);
        ILogger logger = pipeline.Loggers.CreateLogger("test");
        _stream.Block();
        for (int i = 0; i < 20_000; i++)
            EndRecordLog.ConnectionClosed(logger, Record());
        _stream.Accept();
        string text = _stream.WaitFor(text => text.Contains("dropped", StringComparison.Ordinal));
        string loss = Assert.Single(text.TrimEnd().Split('\n'), line => line.Contains("dropped", StringComparison.Ordinal));
        int written = text.TrimEnd().Split('\n').Length - 1;
        Assert.Equal($"{Time} warn log lines dropped, the output was blocked, full or closed lines={20_000 - written}", loss);
    }

    private string Write(LogFormat format, Action<ILogger> write)
    {
        using var stream = new MemoryStream();
        using (var pipeline = new LogPipeline(stream, format, LogLevel.Information, _time))
            write(pipeline.Loggers.CreateLogger("test"));
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Json(string withSingleQuotes) => withSingleQuotes.Replace('\'', '"');

    private static void LogLostContact(ILogger logger) =>
        Log.LostContact(logger, "web1", ConnectionSide.Backend, TimeSpan.FromSeconds(1.5), "connection reset", hint: null);

    private static ConnectionEndRecord Record() => new()
    {
        Id = 0x1f3,
        Client = IPEndPoint.Parse("10.0.0.9:51322"),
        Backend = "web1",
        Address = IPEndPoint.Parse("10.0.1.4:3001"),
        Reason = ConnectionEndReason.Completed,
        EndedBy = ConnectionSide.Client,
        Sent = 512,
        Received = 20480,
        Undelivered = 0,
        Connect = TimeSpan.FromMilliseconds(0.4),
        Duration = TimeSpan.FromSeconds(3.2),
        FailedAttempts = [],
    };

    private static partial class Log
    {
        [LoggerMessage(900, LogLevel.Warning,
            "lost contact to {Backend} ended_by={EndedBy} after={After} error={Error} hint={Hint}")]
        public static partial void LostContact(
            ILogger logger, string backend, ConnectionSide endedBy, TimeSpan after, string error, string? hint);

        [LoggerMessage(901, LogLevel.Error, "failed id={Id:x}")]
        private static partial void Failed(ILogger logger, int id, Exception exception);

        public static void Failed(ILogger logger, Exception exception) => Failed(logger, 0x1f, exception);

        [LoggerMessage(902, LogLevel.Debug, "detail n={N}")]
        public static partial void Detail(ILogger logger, int n);
    }
}
