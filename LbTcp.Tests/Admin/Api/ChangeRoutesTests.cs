using System.Net;
using System.Text.Json.Nodes;
using LbTcp.Backends;
using LbTcp.Hosting.Operations;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace LbTcp.Tests.Admin.Api;

public class ChangeRoutesTests
{
    private static readonly ChangeResult _done = new(ChangeStatus.Done, "web1: drain.");

    [Theory]
    [InlineData("drain", BackendIntent.Drain)]
    [InlineData("ready", BackendIntent.Ready)]
    [InlineData("maint", BackendIntent.Maint)]
    public async Task Post_Intent_SetsIt(string word, object intent)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.Control.SetIntent("web", "web1", (BackendIntent)intent, Arg.Any<Requester>()).Returns(_done);
        (HttpStatusCode status, JsonNode body) = await admin.PostAsync("backends/web/web1/intent", $$"""{"intent":"{{word}}"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"status":"done","message":"web1: drain."}""", body.ToJsonString());
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("0", 0)]
    [InlineData("null", null)]
    public async Task Post_Weight_SetsOrRemovesTheOverride(string json, int? weight)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.Control.SetWeight("web", "web1", weight, Arg.Any<Requester>()).Returns(_done);
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync("backends/web/web1/weight", $$"""{"weight":{{json}}}""")).Status);
    }

    [Fact]
    public async Task Post_Close_EndsTheConnection()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.Control.CloseConnection(0x1f3, Arg.Any<Requester>()).Returns(_done);
        admin.Control.CloseConnection(0x1f4, Arg.Any<Requester>()).Returns(new ChangeResult(ChangeStatus.NotFound, ""));
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync("connections/1f3/close", "{}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync("connections/1f3/close", "")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsync("connections/1f4/close", "{}")).Status);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"dry_run":true}""", true)]
    public async Task Post_Reload_AnswersWithTheReport(string json, bool isDryRun)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.Control.ReloadAsync(isDryRun, Arg.Any<Requester>(), Arg.Any<CancellationToken>())
            .Returns(new ReloadReport(false, ["lbtcp.json:7:9: services.web: unknown key."], ["added service=web backend=web3"]));
        (HttpStatusCode status, JsonNode body) = await admin.PostAsync("reload", json);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["applied", "errors", "changes"], body.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Post_Rebalance_HasDefaultsAndAnswersWithTheReport()
    {
        RebalanceRequest? requested = null;
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.Control.Rebalance(Arg.Do<RebalanceRequest>(request => requested = request), Arg.Any<Requester>())
            .Returns(new RebalanceReport(_done, [new RebalanceStep("web", "web1", 40, 30, 10)], TimeSpan.FromSeconds(2)));
        (_, JsonNode body) = await admin.PostAsync("rebalance", "{}");
        Assert.Equal(new RebalanceRequest(null, 5, 0.1), requested);
        Assert.Equal((10, 2.0), ((int?)body["steps"]![0]!["surplus"], (double?)body["duration"]));
        _ = await admin.PostAsync("rebalance", """{"service":"web","per_second":0.5,"tolerance":0}""");
        Assert.Equal(new RebalanceRequest("web", 0.5, 0), requested);
    }

    [Fact]
    public async Task Post_LogLevel_SetsIt()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.Control.SetLogLevel(LogLevel.Debug, Arg.Any<Requester>()).Returns(_done);
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync("log-level", """{"level":"debug"}""")).Status);
    }

    [Theory]
    [InlineData(ChangeStatus.Done, HttpStatusCode.OK)]
    [InlineData(ChangeStatus.Unchanged, HttpStatusCode.OK)]
    [InlineData(ChangeStatus.NotFound, HttpStatusCode.NotFound)]
    [InlineData(ChangeStatus.Refused, HttpStatusCode.Conflict)]
    public async Task Post_ResultOfAChange_IsTheStatus(object result, HttpStatusCode expected)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        var answer = new ChangeResult((ChangeStatus)result, "A sentence.");
        admin.Control.SetIntent(default!, default!, default, default!).ReturnsForAnyArgs(answer);
        admin.Control.Rebalance(default!, default!).ReturnsForAnyArgs(new RebalanceReport(answer, [], TimeSpan.Zero));
        Assert.Equal(expected, (await admin.PostAsync("backends/web/web9/intent", """{"intent":"drain"}""")).Status);
        (HttpStatusCode status, JsonNode body) = await admin.PostAsync("rebalance", "{}");
        Assert.Equal(expected, status);
        if (expected is not HttpStatusCode.OK)
            Assert.Equal("A sentence.", (string?)body["detail"]);
    }

    [Theory]
    [InlineData("backends/web/web1/intent", "{}", "The member \"intent\" is missing.")]
    [InlineData("backends/web/web1/intent", "", "The member \"intent\" is missing.")]
    [InlineData("backends/web/web1/intent", """{"intent":"Drain"}""", "\"intent\" is 'Drain', which is not one of ready, drain, maint.")]
    [InlineData("backends/web/web1/intent", """{"intent":1}""", "\"intent\" is not a string.")]
    [InlineData("backends/web/web1/intent", """{"intnet":"drain"}""", "The member \"intnet\" is unknown; did you mean 'intent'?")]
    [InlineData("backends/web/web1/intent", """{"intent":"drain","intent":"ready"}""", "The member \"intent\" is given twice.")]
    [InlineData("backends/web/web1/intent", """["drain"]""", "The body is not a JSON object.")]
    [InlineData("backends/web/web1/intent", "{\n \"intent\": drain }", "The body is not JSON: there is a mistake in line 2, byte 12.")]
    [InlineData("backends/web/web1/weight", """{"weight":"3"}""", "\"weight\" is not a number or null.")]
    [InlineData("backends/web/web1/weight", """{"weight":1.5}""", "\"weight\" is '1.5', which is not a whole number from 0 to 256.")]
    [InlineData("reload", """{"dry_run":"yes"}""", "\"dry_run\" is not true or false.")]
    [InlineData("rebalance", """{"per_second":0}""", "\"per_second\" is 0, which is not a number from 0.01 to 10000.")]
    [InlineData("rebalance", """{"service":1}""", "\"service\" is not a string or null.")]
    [InlineData("log-level", """{"level":"loud"}""", "\"level\" is 'loud'; use trace or debug or info or warn or error.")]
    public async Task Post_WrongBody_IsAProblemThatNamesTheMember(string path, string json, string detail)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        (HttpStatusCode status, JsonNode body) = await admin.PostAsync(path, json);
        Assert.Equal((HttpStatusCode.BadRequest, detail), (status, (string?)body["detail"]));
        Assert.Empty(admin.Control.ReceivedCalls());
    }
}
