using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>What a health endpoint may answer, and what is made of it.</summary>
public sealed class HttpCheckTests : EndToEndScenario
{
    [Fact]
    public async Task HttpCheck_AnswerIsNoSuccess_TakesTheBackendOutUntilItIs()
    {
        HttpBackend backend = Own(new HttpBackend());
        LbTcpProcess lbtcp = await StartHttpAsync(backend);

        backend.Answer("503 Service Unavailable");
        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);
        backend.Answer(HttpBackend.Ok);
        await lbtcp.RecordAsync(EventIds.BackendUp);

        Assert.Equal("GET /health answered 503", down["reason"]);
        Assert.Null(down["hint"]);
        string request = backend.Requests[0];
        Assert.StartsWith($"GET /health HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: {backend.EndPoint}\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpCheck_PathIsUnknown_HintsAtTheFlag()
    {
        HttpBackend backend = Own(new HttpBackend());
        backend.Answer("404 Not Found");
        LbTcpProcess lbtcp = await StartHttpAsync(backend, "--health-path", "/ready?deep=1");

        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);

        Assert.Equal("GET /ready?deep=1 answered 404", down["reason"]);
        Assert.Contains("--health-path", down["hint"], StringComparison.Ordinal);
        backend.Answer("204 No Content");
        await lbtcp.RecordAsync(EventIds.BackendUp);
    }

    [Theory]
    [InlineData("302 Found\r\nLocation: /health2", "answered 302")]
    [InlineData("\u001b[2J\u0007 what\r\n\u0085", "the answer is not HTTP")]
    public async Task HttpCheck_AnswerIsOdd_CountsAsAFailureAndIsLoggedHarmlessly(string answer, string reason)
    {
        HttpBackend backend = Own(new HttpBackend());
        backend.Answer(answer);
        LbTcpProcess lbtcp = await StartHttpAsync(backend);

        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);

        Assert.EndsWith(reason, down["reason"], StringComparison.Ordinal);
        Assert.DoesNotContain(lbtcp.Lines, line => line.Any(char.IsControl));
        backend.Answer(HttpBackend.Ok);
        await lbtcp.RecordAsync(EventIds.BackendUp);
    }

    [Fact]
    public async Task HttpCheck_BackendAcceptsAndHangs_GoesDownWithoutOverlappingProbes()
    {
        HttpBackend hanging = Own(new HttpBackend());
        HttpBackend steady = Own(new HttpBackend());
        hanging.Answer(answer: (string?)null);
        string[] flags = ["--check", "http", "--check-interval", "50ms", "--check-timeout", "400ms"];
        LbTcpProcess lbtcp = await StartAsync([hanging.EndPoint, steady.EndPoint], flags);

        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);

        Assert.Equal((hanging.EndPoint.ToString(), "GET /health: timed out after 400ms"), (down["backend"], down["reason"]));
        Assert.InRange(hanging.RequestCount, 3, int.MaxValue);
        Assert.InRange(hanging.MostAtOnce, 1, 4); // those that were left may not have noticed yet; overlapping ones would be many more
        Assert.InRange(steady.RequestCount, 2 * hanging.RequestCount, int.MaxValue);
        Assert.Empty(lbtcp.Records(EventIds.BackendUp));
        hanging.Answer(HttpBackend.Ok);
    }

    [Fact]
    public async Task Check_AlternatesBetweenSuccessAndFailure_ChangesNothing()
    {
        HttpBackend backend = Own(new HttpBackend());
        backend.Answer(request => request % 2 == 0 ? HttpBackend.Ok : "500 Oops");
        LbTcpProcess lbtcp = await StartHttpAsync(backend);

        await Until.TrueAsync(() => backend.RequestCount >= 30, "30 checks");

        Assert.Empty(lbtcp.Records(EventIds.BackendDown));
    }
}
