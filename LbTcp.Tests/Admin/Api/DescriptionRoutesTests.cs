using System.Text.Json.Nodes;
using LbTcp.Hosting.Operations;
using NSubstitute;

namespace LbTcp.Tests.Admin.Api;

/// <summary>
/// What the endpoint answers is what its description says, member by member in both directions. That the description has all routes and all
/// records, <c>GeneratedFilesTests</c> shows.
/// </summary>
public class DescriptionRoutesTests
{
    private static readonly ChangeResult _done = new(ChangeStatus.Done, "Done.");

    [Theory]
    [InlineData("/api/v1/process")]
    [InlineData("/api/v1/services")]
    [InlineData("/api/v1/services/{service}", "/api/v1/services/web")]
    [InlineData("/api/v1/backends")]
    [InlineData("/api/v1/backends/{service}/{backend}", "/api/v1/backends/web/web1")]
    [InlineData("/api/v1/history")]
    [InlineData("/api/v1/explain", "/api/v1/explain?client=10.0.0.9")]
    [InlineData("/api/v1/connections")]
    [InlineData("/api/v1/connections/{id}", "/api/v1/connections/1f3")]
    [InlineData("/api/v1/events")]
    public async Task Get_Answers_AreAsDescribed(string pattern, string? path = null)
    {
        await using AdminFixture admin = await StartAsync();
        (_, JsonNode answer) = await admin.GetAsync(path ?? pattern);
        (_, JsonNode description) = await admin.GetAsync("openapi.json");
        AssertConforms(description, answer, Schema(description, pattern, "get", "application/json"), pattern);
    }

    [Theory]
    [InlineData("/api/v1/backends/{service}/{backend}/intent", """{"intent":"drain"}""")]
    [InlineData("/api/v1/backends/{service}/{backend}/weight", """{"weight":null}""")]
    [InlineData("/api/v1/connections/{id}/close", "")]
    [InlineData("/api/v1/reload", """{"dry_run":true}""")]
    [InlineData("/api/v1/rebalance", """{"service":"web","per_second":1,"tolerance":0}""")]
    [InlineData("/api/v1/log-level", """{"level":"debug"}""")]
    public async Task Post_BodiesAndAnswers_AreAsDescribed(string pattern, string body)
    {
        await using AdminFixture admin = await StartAsync();
        string path = pattern.Replace("{service}/{backend}", "web/web1", StringComparison.Ordinal)
            .Replace("{id}", "1f3", StringComparison.Ordinal);
        (_, JsonNode answer) = await admin.PostAsync(path, body);
        (_, JsonNode description) = await admin.GetAsync("openapi.json");
        AssertConforms(description, answer, Schema(description, pattern, "post", "application/json"), pattern);
        JsonNode? requestBody = description["paths"]![pattern]!["post"]!["requestBody"];
        Assert.Equal(body.Length == 0, requestBody is null);
        if (requestBody is not null)
            AssertConforms(description, JsonNode.Parse(body)!, requestBody["content"]!["application/json"]!["schema"]!, pattern);
    }

    [Theory]
    [InlineData("/api/v1/state/stream", "/api/v1/state/stream")]
    [InlineData("/api/v1/events/stream", "/api/v1/events/stream?after=0")]
    public async Task Stream_Data_IsAsDescribed(string pattern, string path)
    {
        await using AdminFixture admin = await StartAsync();
        using var reader = new StreamReader(await admin.Client.GetStreamAsync(path));
        (_, _, JsonNode data) = await SentEvents.ReadAsync(reader);
        (_, JsonNode description) = await admin.GetAsync("openapi.json");
        AssertConforms(description, data, Schema(description, pattern, "get", "text/event-stream")["contentSchema"]!, pattern);
    }

    [Fact]
    public async Task Problem_OfAnyRequest_IsAsDescribed()
    {
        await using AdminFixture admin = await StartAsync();
        (_, JsonNode problem) = await admin.GetAsync("nowhere");
        (_, JsonNode description) = await admin.GetAsync("openapi.json");
        AssertConforms(description, problem, description["components"]!["schemas"]!["ApiProblem"]!, "problem");
    }

    private static async Task<AdminFixture> StartAsync()
    {
        AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadBackend("web", "web1").Returns(SampleStates.Detail);
        admin.View.ReadHistory(null).Returns([SampleStates.Point]);
        admin.View.ForecastPick(default!).ReturnsForAnyArgs([SampleStates.Forecast]);
        admin.View.ReadConnections(default!).ReturnsForAnyArgs([SampleStates.Connection(1)]);
        admin.View.ReadConnection(0x1f3).Returns(SampleStates.ConnectionDetail);
        admin.Control.SetIntent(default!, default!, default, default!).ReturnsForAnyArgs(_done);
        admin.Control.SetWeight(default!, default!, default, default!).ReturnsForAnyArgs(_done);
        admin.Control.CloseConnection(default, default!).ReturnsForAnyArgs(_done);
        admin.Control.SetLogLevel(default, default!).ReturnsForAnyArgs(_done);
        admin.Control.ReloadAsync(default, default!, default).ReturnsForAnyArgs(new ReloadReport(true, ["an error"], ["a change"]));
        admin.Control.Rebalance(default!, default!).ReturnsForAnyArgs(
            new RebalanceReport(_done, [new RebalanceStep("web", "web1", 40, 30, 10)], TimeSpan.FromSeconds(2)));
        _ = admin.Events.Add(SampleStates.Event);
        return admin;
    }

    private static JsonNode Schema(JsonNode description, string pattern, string method, string type) =>
        description["paths"]![pattern]![method]!["responses"]!["200"]!["content"]![type]!["schema"]!;

    private static void AssertConforms(JsonNode description, JsonNode? value, JsonNode schema, string place)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            AssertConforms(description, value, description["components"]!["schemas"]![reference.Split('/')[^1]]!, place);
            return;
        }

        if (schema["anyOf"] is JsonArray options)
        {
            if (value is not null)
                AssertConforms(description, value, options[0]!, place);
            return;
        }

        string[] types = schema["type"] is JsonArray many ? [.. many.Select(type => (string)type!)] : [(string)schema["type"]!];
        Assert.True(
            types.Any(type => IsOfType(value, type)), $"{place}: {value?.ToJsonString() ?? "null"} is not {string.Join(" or ", types)}.");
        if (schema["enum"] is JsonArray words)
            Assert.Contains((string?)value, words.Select(word => (string?)word));
        if (value is JsonArray items)
        {
            Assert.NotEmpty(items); // what is not there is not compared
            foreach (JsonNode? item in items)
                AssertConforms(description, item, schema["items"]!, $"{place}[]");
        }
        else if (value is JsonObject members)
        {
            Assert.Equal(schema["properties"]!.AsObject().Select(member => member.Key), members.Select(member => member.Key));
            foreach ((string name, JsonNode? member) in members)
                AssertConforms(description, member, schema["properties"]![name]!, $"{place}.{name}");
        }
    }

    private static bool IsOfType(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() is System.Text.Json.JsonValueKind.String,
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "integer" => value?.GetValueKind() is System.Text.Json.JsonValueKind.Number && !value.ToJsonString().Contains('.'),
        _ => value?.GetValueKind() is System.Text.Json.JsonValueKind.Number,
    };
}
