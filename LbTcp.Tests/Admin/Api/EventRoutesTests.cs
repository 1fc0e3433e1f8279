using System.Net;
using System.Text.Json.Nodes;

namespace LbTcp.Tests.Admin.Api;

public class EventRoutesTests
{
    [Fact]
    public async Task Get_Events_AreThoseAfterAnId()
    {
        await using AdminFixture admin = await StartAsync(events: 3);
        (_, JsonNode all) = await admin.GetAsync("events");
        Assert.Equal([1, 2, 3], Ids(all));
        Assert.Null(all["next"]);
        Assert.Equal(("warn", 401, "web1"), ((string?)all["items"]![0]!["level"], (int?)all["items"]![0]!["code"],
            (string?)all["items"]![0]!["backend"]));
        Assert.Equal([3], Ids((await admin.GetAsync("events?after=2")).Body));
    }

    [Fact]
    public async Task Get_EventsWithALimit_ContinueAfterNext()
    {
        await using AdminFixture admin = await StartAsync(events: 3);
        (_, JsonNode first) = await admin.GetAsync("events?limit=2");
        Assert.Equal([1, 2], Ids(first));
        (_, JsonNode second) = await admin.GetAsync($"events?limit=2&after={first["next"]}");
        Assert.Equal([3], Ids(second));
        Assert.Null(second["next"]);
    }

    [Fact]
    public async Task Stream_WithoutAnId_SendsOnlyNewEvents()
    {
        await using AdminFixture admin = await StartAsync(events: 3);
        using StreamReader reader = await OpenAsync(admin, "events/stream");
        Add(admin, 1);
        (string name, string? id, JsonNode data) = await SentEvents.ReadAsync(reader);
        Assert.Equal(("event", "4", 4), (name, id, (int?)data["id"]));
    }

    [Theory]
    [InlineData("events/stream?after=1", null)]
    [InlineData("events/stream", "1")]
    [InlineData("events/stream?after=0", "1")] // the header is of the client that comes again with the same address
    public async Task Stream_WithAnId_ContinuesBehindIt(string path, string? lastEventId)
    {
        await using AdminFixture admin = await StartAsync(events: 2);
        if (lastEventId is not null)
            admin.Client.DefaultRequestHeaders.Add("Last-Event-ID", lastEventId);
        using StreamReader reader = await OpenAsync(admin, path);
        Assert.Equal("2", (await SentEvents.ReadAsync(reader)).Id);
        Add(admin, 1);
        Assert.Equal("3", (await SentEvents.ReadAsync(reader)).Id);
    }

    [Fact]
    public async Task Stream_EventsAreNoLongerKept_SaysHowManyAreMissing()
    {
        await using AdminFixture admin = await StartAsync(events: 25); // 10 are kept
        using StreamReader reader = await OpenAsync(admin, "events/stream?after=3");
        (_, string? id, JsonNode notice) = await SentEvents.ReadAsync(reader);
        Assert.Equal(("15", "12 events were lost, they are no longer kept", 0), (id, (string?)notice["message"], (int?)notice["code"]));
        Assert.Equal("16", (await SentEvents.ReadAsync(reader)).Id);
    }

    [Fact]
    public async Task Stream_IdOfAnEarlierProcess_BeginsAnewAndSaysSo()
    {
        await using AdminFixture admin = await StartAsync(events: 1);
        using StreamReader reader = await OpenAsync(admin, "events/stream?after=500");
        (_, string? id, JsonNode notice) = await SentEvents.ReadAsync(reader);
        Assert.Equal(("0", "lbtcp was restarted, the events before it are not kept"), (id, (string?)notice["message"]));
        Assert.Equal("1", (await SentEvents.ReadAsync(reader)).Id);
    }

    [Fact]
    public async Task Stream_EndpointStops_EndsInOrder()
    {
        await using AdminFixture admin = await StartAsync(events: 0);
        using StreamReader reader = await OpenAsync(admin, "events/stream");
        await admin.StopAsync();
        Assert.Equal("retry: 1000\n\n", await reader.ReadToEndAsync().Done());
    }

    [Theory]
    [InlineData("events?after=x", "The parameter after is 'x', which is not the id of an event; write a whole number.")]
    [InlineData("events/stream?after=-1", "The parameter after is '-1', which is not the id of an event; write a whole number.")]
    [InlineData("events?limit=0", "The parameter limit is '0', which is not a whole number from 1 to 1000000.")]
    public async Task Get_WrongParameter_IsAProblemThatNamesIt(string path, string detail)
    {
        await using AdminFixture admin = await StartAsync(events: 0);
        (HttpStatusCode status, JsonNode body) = await admin.GetAsync(path);
        Assert.Equal((HttpStatusCode.BadRequest, detail), (status, (string?)body["detail"]));
    }

    private static async Task<AdminFixture> StartAsync(int events)
    {
        AdminFixture admin = await AdminFixture.StartAsync();
        Add(admin, events);
        return admin;
    }

    private static void Add(AdminFixture admin, int events)
    {
        for (int i = 0; i < events; i++)
            _ = admin.Events.Add(SampleStates.Event);
    }

    private static async Task<StreamReader> OpenAsync(AdminFixture admin, string path) => new(await admin.Client.GetStreamAsync(path));

    private static IEnumerable<int> Ids(JsonNode body) => body["items"]!.AsArray().Select(record => (int)record!["id"]!);
}
