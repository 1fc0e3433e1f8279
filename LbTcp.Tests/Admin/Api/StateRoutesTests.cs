using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using LbTcp.Hosting.Operations;
using NSubstitute;

namespace LbTcp.Tests.Admin.Api;

public class StateRoutesTests
{
    [Fact]
    public async Task Get_Process_HasNamesTimesAndDurationsInTheirForms()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        (_, JsonNode body) = await admin.GetAsync("process");
        Assert.Equal("2026-11-22T16:04:05.123Z", (string?)body["started_at"]);
        Assert.Equal(90.5, (double?)body["uptime"]);
        Assert.Equal("running", (string?)body["state"]);
        Assert.Equal(0.25, (double?)body["reactors"]![0]!["busy_ratio"]);
    }

    [Fact]
    public async Task Get_Services_AreAList()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        (_, JsonNode body) = await admin.GetAsync("services");
        Assert.Equal(["web", "mail"], body["items"]!.AsArray().Select(service => (string?)service!["name"]));
        Assert.True(body["items"]![0]!.AsObject().ContainsKey("max_connections")); // null is written out
    }

    [Fact]
    public async Task Get_Service_IsThatOne()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        Assert.Equal("mail", (string?)(await admin.GetAsync("services/mail")).Body["name"]);
    }

    [Theory]
    [InlineData("services/wev", "There is no service 'wev'; did you mean 'web'?")]
    [InlineData("services/x", "There is no service 'x'; there are web, mail.")]
    [InlineData("backends?service=nope", "There is no service 'nope'; there are web, mail.")]
    [InlineData("backends/wev/web1", "There is no service 'wev'; did you mean 'web'?")]
    [InlineData("backends/web/web2", "The service 'web' has no backend 'web2'; did you mean 'web1'?")]
    [InlineData("history?service=nope", "There is no service 'nope'; there are web, mail.")]
    public async Task Get_UnknownName_IsAProblemThatSuggestsOne(string path, string detail)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        (HttpStatusCode status, JsonNode body) = await admin.GetAsync(path);
        Assert.Equal((HttpStatusCode.NotFound, detail), (status, (string?)body["detail"]));
    }

    [Theory]
    [InlineData("services/web/access?client=10.0.0.9", HttpStatusCode.OK, "is refused by --deny all")]
    [InlineData("services/web/access?client=unix", HttpStatusCode.OK, "is admitted: no rule matches")]
    [InlineData("services/wev/access?client=unix", HttpStatusCode.NotFound, "There is no service 'wev'; did you mean 'web'?")]
    [InlineData("services/web/access", HttpStatusCode.BadRequest, "The parameter client is missing: the address of a client.")]
    [InlineData("services/web/access?client=x", HttpStatusCode.BadRequest, "The parameter client: 'x' is not an address, and not unix.")]
    public async Task Get_AccessOfAClient_IsTheDecision(string path, HttpStatusCode status, string text)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadAccess(default!, default).ReturnsForAnyArgs((AccessStatus?)null);
        admin.View.ReadAccess("web", IPAddress.Parse("10.0.0.9")).Returns(
            new AccessStatus("web", false, "deny all", "--deny all", "is refused by --deny all"));
        admin.View.ReadAccess("web", null).Returns(new AccessStatus("web", true, null, null, "is admitted: no rule matches"));

        (HttpStatusCode answered, JsonNode body) = await admin.GetAsync(path);

        Assert.Equal((status, text), (answered, (string?)(body["decision"] ?? body["detail"])));
    }

    [Fact]
    public async Task Get_Backends_OfAService_AreThose()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        Assert.Equal(2, (await admin.GetAsync("backends")).Body["items"]!.AsArray().Count);
        JsonNode only = Assert.Single((await admin.GetAsync("backends?service=web")).Body["items"]!.AsArray())!;
        Assert.Equal(("web1", "healthy", "ready"), ((string?)only["name"], (string?)only["health"], (string?)only["intent"]));
    }

    // As the client sends them; %252F stands for the text %2F.
    [Theory]
    [InlineData("web/web1", "web", "web1")]
    [InlineData("web/unix:%2Frun%2Fapp.sock", "web", "unix:/run/app.sock")]
    [InlineData("web/%5B::1%5D:3001", "web", "[::1]:3001")]
    [InlineData("a%20b/%252F", "a b", "%2F")]
    public async Task Get_Backend_NameIsDecodedOnce(string path, string service, string backend)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadBackend(service, backend).Returns(SampleStates.Detail);
        (HttpStatusCode status, JsonNode body) = await admin.GetAsync($"backends/{path}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("active", (string?)body["transitions"]![0]!["trigger"]);
    }

    [Fact]
    public async Task Get_Explain_IsTheForecastForTheClient()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ForecastPick(IPAddress.Parse("10.0.0.9")).Returns([SampleStates.Forecast]);
        Assert.Equal("web1", (string?)(await admin.GetAsync("explain?client=10.0.0.9")).Body["items"]![0]!["backend"]);
    }

    [Theory]
    [InlineData("explain", "The parameter client is missing: the address of a client.")]
    [InlineData("explain?client=web", "The parameter client: 'web' is a name; write an address.")]
    [InlineData("explain?cleint=10.0.0.9", "The parameter 'cleint' is unknown; did you mean 'client'?")]
    [InlineData("explain?client=10.0.0.9&client=10.0.0.8", "The parameter client is given twice.")]
    [InlineData("process?verbose=1", "The parameter 'verbose' is unknown.")]
    [InlineData("state/stream?interval=1", "The parameter interval: '1' has no unit; write 1s for seconds or 1ms for milliseconds.")]
    [InlineData("state/stream?interval=1ms", "The parameter interval is 1ms, which is not a time between 250ms and 1m.")]
    public async Task Get_WrongParameter_IsAProblemThatNamesIt(string path, string detail)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        (HttpStatusCode status, JsonNode body) = await admin.GetAsync(path);
        Assert.Equal((HttpStatusCode.BadRequest, detail), (status, (string?)body["detail"]));
    }

    [Fact]
    public async Task Get_History_OfTheProcessAndOfAService()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadHistory(null).Returns([SampleStates.Point]);
        admin.View.ReadHistory("web").Returns([SampleStates.Point, SampleStates.Point]);
        Assert.Single((await admin.GetAsync("history")).Body["items"]!.AsArray());
        Assert.Equal(2, (await admin.GetAsync("history?service=web")).Body["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Stream_OfTheState_SendsItAtOnceAndAgain()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        using var reader = new StreamReader(await admin.Client.GetStreamAsync("state/stream?interval=250ms"));
        for (int i = 0; i < 2; i++)
        {
            (string name, string? id, JsonNode data) = await SentEvents.ReadAsync(reader);
            Assert.Equal(("state", null), (name, id));
            Assert.Equal(["time", "process", "services", "backends"], data.AsObject().Select(member => member.Key));
            Assert.Equal("web1", (string?)data["backends"]![0]!["name"]);
        }
    }

    [Fact]
    public async Task Stream_EndpointStops_EndsInOrder()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        using var reader = new StreamReader(await admin.Client.GetStreamAsync("state/stream?interval=1m"));
        _ = await SentEvents.ReadAsync(reader);
        await admin.StopAsync();
        Assert.Equal("", await reader.ReadToEndAsync().Done()); // and not the exception of a cut answer
    }

    [Fact]
    public async Task Head_OfAResource_HasItsHeadersAlone()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        string answer = await admin.SendRawAsync("HEAD /api/v1/process HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "nowhere", HttpStatusCode.NotFound, "")]
    [InlineData("GET", "backends/web", HttpStatusCode.NotFound, "")]
    [InlineData("GET", "services/", HttpStatusCode.NotFound, "")]
    [InlineData("POST", "process", HttpStatusCode.MethodNotAllowed, "GET, HEAD")]
    [InlineData("HEAD", "events/stream", HttpStatusCode.MethodNotAllowed, "GET")]
    [InlineData("DELETE", "connections/1f3", HttpStatusCode.MethodNotAllowed, "GET, HEAD")]
    public async Task Request_WithoutARoute_IsAProblem(string method, string path, HttpStatusCode expected, string allow)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
            request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await admin.Client.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        if (method == "HEAD")
            return;
        JsonNode body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(["type", "title", "status", "detail"], body.AsObject().Select(member => member.Key));
        Assert.Equal((int)expected, (int?)body["status"]);
    }
}
