using System.Net;
using System.Text.Json.Nodes;
using LbTcp.Hosting.Operations;
using NSubstitute;

namespace LbTcp.Tests.Admin.Api;

public class ConnectionRoutesTests
{
    [Fact]
    public async Task Get_Connections_ComeInPartsThatContinueAfterNext()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadConnections(default!).ReturnsForAnyArgs(call =>
            Enumerable.Range(1, 25).Where(id => id > call.Arg<ConnectionFilter>().After).Select(id => SampleStates.Connection(id)));
        List<string?> ids = [];
        string? after = null;
        int parts = 0;
        do
        {
            (_, JsonNode body) = await admin.GetAsync(after is null ? "connections?limit=10" : $"connections?limit=10&after={after}");
            ids.AddRange(body["items"]!.AsArray().Select(connection => (string?)connection!["id"]));
            after = (string?)body["next"];
            parts++;
        }
        while (after is not null);
        Assert.Equal(Enumerable.Range(1, 25).Select(id => id.ToString("x", null)), ids);
        Assert.Equal(3, parts);
    }

    [Fact]
    public async Task Get_ConnectionsOfOnePart_HaveNoNext()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadConnections(default!).ReturnsForAnyArgs([SampleStates.Connection(1), SampleStates.Connection(2)]);
        (_, JsonNode body) = await admin.GetAsync("connections?limit=2");
        Assert.Equal(2, body["items"]!.AsArray().Count);
        Assert.True(body.AsObject().ContainsKey("next"));
        Assert.Null(body["next"]);
        Assert.Equal("half_closed", (string?)body["items"]![0]!["state"]);
    }

    [Fact]
    public async Task Get_ConnectionsWithFilters_PassesThem()
    {
        ConnectionFilter? filter = null;
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadConnections(Arg.Do<ConnectionFilter>(given => filter = given)).Returns([]);
        _ = await admin.GetAsync("connections?service=web&backend=web1&client=10.0.0.0/8&idle=5m&after=1f");
        Assert.Equal(
            new ConnectionFilter
            {
                Service = "web",
                Backend = "web1",
                Client = IPNetwork.Parse("10.0.0.0/8"),
                Idle = TimeSpan.FromMinutes(5),
                After = 31,
            },
            filter);
        _ = await admin.GetAsync("connections?client=::1");
        Assert.Equal(IPNetwork.Parse("::1/128"), filter!.Client);
    }

    [Theory]
    [InlineData("connections?client=10.0.0.0/33",
        "The parameter client is '10.0.0.0/33', which is not an address or a network; write 10.0.0.9 or 10.0.0.0/8.")]
    [InlineData("connections?client=x",
        "The parameter client is 'x', which is not an address or a network; write 10.0.0.9 or 10.0.0.0/8.")]
    [InlineData("connections?idle=5", "The parameter idle: '5' has no unit; write 5s for seconds or 5ms for milliseconds.")]
    [InlineData("connections?after=xyz", "'xyz' is not the id of a connection; write it as in the log: 1f3.")]
    [InlineData("connections/-1", "'-1' is not the id of a connection; write it as in the log: 1f3.")]
    [InlineData("connections/ffffffffffffffff", "'ffffffffffffffff' is not the id of a connection; write it as in the log: 1f3.")]
    public async Task Get_WrongParameter_IsAProblemThatNamesIt(string path, string detail)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        (HttpStatusCode status, JsonNode body) = await admin.GetAsync(path);
        Assert.Equal((HttpStatusCode.BadRequest, detail), (status, (string?)body["detail"]));
    }

    [Fact]
    public async Task Get_Connection_IsFoundByItsHexadecimalId()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadConnection(0x1f3).Returns(SampleStates.ConnectionDetail);
        (_, JsonNode body) = await admin.GetAsync("connections/1f3");
        Assert.Equal(("queued", "web2"), ((string?)body["state"], (string?)body["failed_attempts"]![0]!["backend"]));
        (HttpStatusCode status, JsonNode problem) = await admin.GetAsync("connections/1f4");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("There is no connection '1f4'; it has ended, or the id is not of this process.", (string?)problem["detail"]);
    }

    [Fact]
    public async Task Get_ConnectionsFailMidway_CutsTheAnswer()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadConnections(default!).ReturnsForAnyArgs(
            Enumerable.Range(1, 1000).Select(id => id < 900 ? SampleStates.Connection(id) : throw new InvalidOperationException("defect")));
        _ = await Assert.ThrowsAsync<HttpRequestException>(() => admin.Client.GetStringAsync("connections"));
    }
}
