using System.Net;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Admin.Client;

public sealed class AdminClientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadState_RunningServer_IsWhatTheViewHas(bool isUnix)
    {
        await using AdminFixture fixture = await AdminFixture.StartAsync(isUnix: isUnix);
        using AdminClient client = Client(fixture.Address.ToString()!);
        StateReport state = await new AdminApi(client, TimeProvider.System).ReadStateAsync(default);
        Assert.Equal(SampleStates.Process with { Reactors = state.Process.Reactors }, state.Process);
        Assert.Equal(SampleStates.Process.Reactors, state.Process.Reactors);
        Assert.Equal(["web", "mail"], state.Services.Select(service => service.Name));
        BackendStatus expected = SampleStates.Backend("web", "web1");
        Assert.Equal(expected with { ServerNames = state.Backends[0].ServerNames }, state.Backends[0]);
        Assert.Equal(expected.ServerNames, state.Backends[0].ServerNames);
    }

    [Fact]
    public async Task SetIntent_NameWithSlashes_ReachesTheBackend()
    {
        await using AdminFixture fixture = await AdminFixture.StartAsync();
        const string name = "unix:/run/a b%2F?#.sock";
        fixture.Control.SetIntent("web", name, BackendIntent.Maint, Arg.Any<Requester>())
            .Returns(new ChangeResult(ChangeStatus.Done, "done"));
        using AdminClient client = Client(fixture.Address.ToString()!);
        ChangeResult result = await new AdminApi(client, TimeProvider.System)
            .SetIntentAsync(SampleStates.Backend("web", name), BackendIntent.Maint, default);
        Assert.Equal(new ChangeResult(ChangeStatus.Done, "done"), result);
    }

    [Fact]
    public async Task ReadConnections_ManyPages_AreAllRead()
    {
        await using AdminFixture fixture = await AdminFixture.StartAsync();
        fixture.View.ReadConnections(default!).ReturnsForAnyArgs(call => Enumerable.Range(1, 25).Select(id => SampleStates.Connection(id))
            .Where(connection => Convert.ToInt64(connection.Id, 16) > call.Arg<ConnectionFilter>().After));
        using AdminClient client = Client(fixture.Address.ToString()!);
        var ids = new List<string>();
        await foreach (IReadOnlyList<ConnectionStatus> page in
            new AdminApi(client, TimeProvider.System).ReadConnectionsAsync([("service", null)], pageSize: 10, default))
            ids.AddRange(page.Select(connection => connection.Id));
        Assert.Equal(Enumerable.Range(1, 25).Select(id => id.ToString("x", null)), ids);
    }

    [Fact]
    public async Task Stream_ServerStops_IsLost()
    {
        await using AdminFixture fixture = await AdminFixture.StartAsync();
        _ = fixture.Events.Add(SampleStates.Event);
        using AdminClient client = Client(fixture.Address.ToString()!);
        var seen = new List<EventRecord>();
        var exception = await Assert.ThrowsAsync<AdminException>(async () =>
        {
            await foreach (EventRecord record in new AdminApi(client, TimeProvider.System).FollowEventsAsync(0, default))
            {
                seen.Add(record);
                await fixture.StopAsync();
            }
        }).Done();
        Assert.Equal([1], seen.Select(record => record.Id));
        Assert.Equal(AdminFailure.Lost, exception.Failure);
        Assert.Equal($"The connection to lbtcp at {fixture.Address} was lost.", exception.Message);
    }

    [Fact]
    public async Task Get_WithoutAndWithTheToken_IsDeniedAndAnswered()
    {
        await using AdminFixture fixture = await AdminFixture.StartAsync(token: "secret");
        using AdminClient without = Client(fixture.Address.ToString()!);
        var exception = await Assert.ThrowsAsync<AdminException>(() => new AdminApi(without, TimeProvider.System).ReadStateAsync(default));
        Assert.Equal(AdminFailure.Denied, exception.Failure);
        Assert.EndsWith("--admin-token-file or LBTCP_ADMIN_TOKEN_FILE.", exception.Message, StringComparison.Ordinal);
        using AdminClient with = Client(fixture.Address.ToString()!, "secret");
        Assert.NotNull(await new AdminApi(with, TimeProvider.System).ReadStateAsync(default));
    }

    [Fact]
    public async Task Get_NoSuchSocket_SaysSo()
    {
        using var directory = new TemporaryDirectory();
        string address = $"unix:{directory["no.sock"]}";
        Assert.Equal(
            (AdminFailure.Unreachable,
                $"lbtcp does not answer at {address}: no such file; start it with --admin, or name the address with --admin or "
                + "LBTCP_ADMIN."),
            await FailureAsync(address));
    }

    [Fact]
    public async Task Get_NothingListens_SaysSo()
    {
        IPEndPoint address;
        await using (var server = LoopbackServer.Answering(""))
            address = server.EndPoint;
        (AdminFailure failure, string message) = await FailureAsync(address.ToString());
        Assert.Equal(AdminFailure.Unreachable, failure);
        Assert.StartsWith($"lbtcp does not answer at {address}: connection refused; ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "NotUnderstood")]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 5\r\n\r\nhello", "NotUnderstood")]
    [InlineData("SSH-2.0-OpenSSH\r\n", "NotUnderstood")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", "Lost")]
    [InlineData("", "Lost")]
    public async Task Get_AnotherProgramAnswers_IsOneSentence(string answer, string failure)
    {
        await using var server = LoopbackServer.Answering(answer);
        (AdminFailure found, string message) = await FailureAsync(server.EndPoint.ToString());
        Assert.Equal(failure, found.ToString());
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public async Task Get_NoAnswer_EndsAfterTheTimeout()
    {
        var asked = new TaskCompletionSource();
        await using var server = new LoopbackServer(async (stream, end) =>
        {
            _ = await LoopbackServer.ReadRequestAsync(stream, end);
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, end);
        });
        var clock = new WatchedClock();
        using var client = new AdminClient(Target(server.EndPoint.ToString(), token: null), clock);
        Task<IReadOnlyList<BackendStatus>> asking = new AdminApi(client, clock).ReadBackendsAsync(default);
        await asked.Task.Done();
        clock.Advance(AdminClient.Timeout);
        var exception = await Assert.ThrowsAsync<AdminException>(() => asking.Done());
        Assert.Equal($"lbtcp at {server.EndPoint} did not answer within 5s.", exception.Message);
    }

    private static async Task<(AdminFailure Failure, string Message)> FailureAsync(string address)
    {
        using AdminClient client = Client(address);
        var exception = await Assert.ThrowsAsync<AdminException>(
            () => new AdminApi(client, TimeProvider.System).ReadBackendsAsync(default));
        return (exception.Failure, exception.Message);
    }

    private static AdminClient Client(string address, string? token = null) => new(Target(address, token), TimeProvider.System);

    private static AdminTarget Target(string address, string? token)
    {
        Assert.True(ListenAddress.TryParse(address, out ListenAddress? parsed, out _));
        return new AdminTarget(parsed, token);
    }
}
