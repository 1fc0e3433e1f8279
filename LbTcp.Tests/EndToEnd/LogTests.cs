using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>What is logged, and that nothing about the log holds up the relay.</summary>
public sealed partial class LogTests : EndToEndScenario
{
    [Theory, ClassData(typeof(TransportNames))]
    public async Task EndRecord_InJson_SaysWhoWhereHowMuchAndWhy(string transport)
    {
        TestBackend backend = Backend(Behaviours.Answer("four"));
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        TestConnection client = await ConnectAsync(lbtcp);

        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-1);
        await client.SendAsync("12345");
        client.FinishSending();
        Assert.Equal("four", await client.ReceiveTextToEndAsync());
        JsonLogRecord end = await lbtcp.EndRecordAsync();

        Assert.Equal(("info", "connection closed", "1"), (end.Level, end.Message, end["id"]));
        Assert.Equal(client.LocalEndPoint.ToString(), end["client"]);
        Assert.Equal((backend.EndPoint.ToString(), backend.EndPoint.ToString()), (end["backend"], end["address"]));
        Assert.Equal(("completed", "client", 5, 4), (end["reason"], end["ended_by"], end.Number("sent"), end.Number("received")));
        Assert.InRange(end.Number("connect"), 0, end.Number("duration"));
        Assert.Null(end["undelivered"]);
        Assert.Null(end["attempts"]);
        Assert.InRange(TimeOf(end), before, DateTimeOffset.UtcNow);
    }

    [Theory, MemberData(nameof(TransportsAndEnds))]
    public async Task EndRecord_HoweverItEnds_TellsTheAddressThatTheBackendSees(string transport, string end)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport, "--idle-timeout", end == "idle_timeout" ? "2s" : "1h");
        (TestConnection client, TestConnection served) = await ConnectAsync(lbtcp, backend);
        await client.SendAsync("!");
        await served.ReceiveTextAsync(1); // it is relayed: a reset before that would be a dial that failed
        string seen = served.RemoteEndPoint.ToString();

        switch (end)
        {
            case "completed":
                client.FinishSending();
                await served.ReceiveToEndAsync();
                served.FinishSending();
                break;
            case "client_reset":
                client.Reset();
                break;
            case "backend_reset":
                served.Reset();
                break;
        }

        JsonLogRecord record = await lbtcp.EndRecordAsync();
        Assert.Equal((end, seen), (record["reason"], record["local"]));
        IsServingAtEnd = false; // the backend does not echo
    }

    public static TheoryData<string, string> TransportsAndEnds() =>
        TransportNames.With("completed", "client_reset", "backend_reset", "idle_timeout");

    [Fact]
    public async Task EndRecord_InText_IsOneLineInTheSameOrder()
    {
        TestBackend backend = Backend(Behaviours.Answer("four"));
        LbTcpProcess lbtcp = await StartAsync([Own(new ReservedPort()).EndPoint, backend.EndPoint], "--log-format", "text");
        TestConnection client = await ConnectAsync(lbtcp);

        await client.SendAsync("12345");
        client.FinishSending();
        Assert.Equal("four", await client.ReceiveTextToEndAsync());

        await Until.TrueAsync(() => lbtcp.Lines.Count == 2, "two lines");
        Assert.Matches(ListeningLine(), lbtcp.Lines[0]);
        Assert.Matches(EndLine(), lbtcp.Lines[1]);
        IsServingAtEnd = false; // the backend does not echo
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Lines_OfARunWithTrouble_AreEachWholeAndPlain(string format)
    {
        HttpBackend backend = Own(new HttpBackend());
        LbTcpProcess lbtcp = await StartHttpAsync(backend, "--log-format", format);

        for (int i = 0; i < 3; i++)
        {
            backend.Answer("\u001b[31mred\u0085");
            await Until.TrueAsync(
                () => lbtcp.Lines.Count(line => line.Contains("backend is unhealthy", StringComparison.Ordinal)) > i, "down");
            await AssertIsResetAsync(lbtcp);
            backend.Answer(HttpBackend.Ok);
            await Until.TrueAsync(() => lbtcp.Lines.Count(line => line.Contains("backend is healthy", StringComparison.Ordinal)) > i, "up");
        }

        lbtcp.Signal(Posix.SigHup);
        await Until.TrueAsync(() => lbtcp.Lines[^1].Contains("reload done", StringComparison.Ordinal), "the last line");
        Assert.DoesNotContain(lbtcp.Lines, line => line.Any(character => character is < ' ' or > '~')); // no colour either
        if (format == "json")
            Assert.All(lbtcp.Lines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        else
            Assert.All(lbtcp.Lines, line => Assert.Matches(AnyLine(), line));
    }

    [Fact]
    public async Task AccessLog_IsOff_NothingIsSaidAboutConnections()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, "--access-log", "off");

        for (int i = 0; i < 20; i++)
            await AssertIsEchoedAsync(lbtcp);
        lbtcp.Signal(Posix.SigTerm);
        await lbtcp.ExitCodeAsync();

        Assert.Equal([EventIds.Listening, EventIds.Stopped], lbtcp.Lines.Select(line => new JsonLogRecord(line).Event));
    }

    [Fact]
    public async Task LogLevel_IsWarn_OnlyTroubleIsLogged()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartUnreadAsync("", backend, "--log-level", "warn", "--idle-timeout", "0");

        await AssertIsEchoedAsync(lbtcp);
        lbtcp.Signal(Posix.SigTerm);
        await lbtcp.ExitCodeAsync();

        string[] lines = (await lbtcp.Output.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("warn", new JsonLogRecord(Assert.Single(lines)).Level);
        Assert.Contains("--idle-timeout", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_OfConnections_AreUnique()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AssertIsEchoedAsync(lbtcp)));

        Assert.Equal(50, (await lbtcp.EndRecordsAsync(50)).Select(end => end["id"]).Distinct().Count());
    }

    [Fact]
    public async Task NobodyReadsTheLog_ClientsAreServedAndTheLossIsCounted()
    {
        const int Clients = 8;
        const int Rounds = 1500;
        TestBackend backend = Backend(Behaviours.Banner("!"));
        LbTcpProcess lbtcp = await StartUnreadAsync("", backend);

        // More lines than the pipe and the program's own buffer take.
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => ResetManyAsync(lbtcp, Rounds))));

        List<JsonLogRecord> records = [];
        await Until.DoneAsync(token => ReadToLossAsync(lbtcp.Output, records, token), "the line about the loss");
        Assert.Equal("warn", records[^1].Level);
        Assert.InRange(records[^1].Number("lines"), 1, Clients * Rounds);
        IsServingAtEnd = false; // banners only
    }

    [Fact]
    public async Task ReaderOfTheLogLeaves_ClientsAreServed()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartUnreadAsync("", backend);

        lbtcp.Output.Close();

        for (int i = 0; i < 100; i++)
            await AssertIsEchoedAsync(lbtcp);
    }

    [Theory]
    [InlineData(">&-")]
    [InlineData(">/dev/full")]
    [InlineData(">&- <&-")]
    public async Task StandardOutputCannotBeWritten_ClientsAreServed(string redirection)
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartUnreadAsync(redirection, backend);

        for (int i = 0; i < 100; i++)
            await AssertIsEchoedAsync(lbtcp);
    }

    private static DateTimeOffset TimeOf(JsonLogRecord record) =>
        DateTimeOffset.ParseExact(
            record["time"]!, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static async Task ResetManyAsync(LbTcpProcess lbtcp, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint);
            Assert.Equal("!", await client.ReceiveTextAsync(1));
            client.Reset();
        }
    }

    private static async ValueTask<bool> ReadToLossAsync(
        StreamReader output, List<JsonLogRecord> records, CancellationToken cancellationToken)
    {
        do
            records.Add(new JsonLogRecord((await output.ReadLineAsync(cancellationToken))!));
        while (records[^1].Event != EventIds.LinesDropped);
        return true;
    }

    [GeneratedRegex("""^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn|error) \S""")]
    private static partial Regex AnyLine();

    [GeneratedRegex(
        """Z info listening on 127\.0\.0\.1:\d+ backends=2 max_connections=\d+ max_connections_from="[a-z0-9 ]+" max_checks=2$""")]
    private static partial Regex ListeningLine();

    [GeneratedRegex(
        """
        ^\S+Z[ ]info[ ]connection[ ]closed[ ]id=1[ ]client=127\.0\.0\.1:\d+[ ]backend=127\.0\.0\.1:\d+[ ]address=127\.0\.0\.1:\d+
        [ ]local=127\.0\.0\.1:\d+[ ]reason=completed[ ]ended_by=client[ ]sent=5[ ]received=4[ ]connect=[0-9.]+ms[ ]duration=[0-9.]+m?s
        [ ]attempts="127\.0\.0\.1:\d+:connection[ ]refused"$
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex EndLine();
}
