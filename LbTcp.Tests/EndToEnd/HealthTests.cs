using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Backends that fail are left out, and taken in again when they recover.</summary>
public sealed class HealthTests : EndToEndScenario
{
    private static readonly string[] _fast = ["--check", "tcp", "--check-interval", "80ms", "--check-timeout", "1s"];

    [Fact]
    public async Task TcpCheck_BackendGoesAndComesBack_IsLeftOutAndTakenInAgain()
    {
        TestBackend failing = Backend(Behaviours.Banner("a"));
        TestBackend steady = Backend(Behaviours.Banner("b"));
        LbTcpProcess lbtcp = await StartAsync([failing.EndPoint, steady.EndPoint], [.. _fast, "--fall", "3", "--rise", "2"]);

        failing.GoDown();
        JsonLogRecord down = await lbtcp.RecordAsync(EventIds.BackendDown);
        for (int i = 0; i < 6; i++)
            Assert.Equal("b", await BannerAsync(lbtcp));
        failing.ComeUp();
        JsonLogRecord up = await lbtcp.RecordAsync(EventIds.BackendUp);
        string[] banners = [await BannerAsync(lbtcp), await BannerAsync(lbtcp)];

        Assert.Equal((failing.EndPoint.ToString(), "connection refused"), (down["backend"], down["reason"]));
        Assert.Equal(("3", "1"), (down["failures"], down["healthy"]));
        Assert.Equal((failing.EndPoint.ToString(), "2", "2"), (up["backend"], up["successes"], up["healthy"]));
        Assert.Equal(["a", "b"], banners.Order());
        Assert.All(await lbtcp.EndRecordsAsync(8), end => Assert.Null(end["attempts"])); // not one client met the failed backend
        Assert.Single(lbtcp.Records(EventIds.BackendDown));
        Assert.Single(lbtcp.Records(EventIds.BackendUp));
        IsServingAtEnd = false; // banners only
    }

    [Fact]
    public async Task TcpCheck_BackendListensAndNeverAccepts_IsTakenForHealthy()
    {
        using var port = new ReservedPort();
        using System.Net.Sockets.Socket listener = port.Listen();
        HttpBackend other = Own(new HttpBackend()); // shows when it is checked; a backend does not notice a TCP check
        LbTcpProcess lbtcp = await StartAsync(
            [port.EndPoint], [.. _fast, "--fall", "1", "--backends", $"{other.EndPoint},check=http"]);

        await Until.TrueAsync(() => other.RequestCount >= 5, "several rounds of checks");

        Assert.DoesNotContain(lbtcp.Records(EventIds.BackendDown), down => down["backend"] == port.EndPoint.ToString());
        IsServingAtEnd = false; // every other client waits for the one that never accepts
    }

    [Fact]
    public async Task TcpCheck_BlackHole_GoesDownAtTheTimeoutAndDelaysNoOther()
    {
        BlackHole hole = Own(new BlackHole());
        HttpBackend steady = Own(new HttpBackend());
        string[] flags = ["--check", "tcp", "--check-interval", "100ms", "--check-timeout", "60ms", "--connect-timeout", "300ms"];
        LbTcpProcess lbtcp = await StartAsync([hole.EndPoint], [.. flags, "--backends", $"{steady.EndPoint},check=http"]);

        JsonLogRecord[] downs = []; // of the hole: this process may be too busy to answer the checks of the other in time
        await Until.TrueAsync(
            () => (downs = [.. lbtcp.Records(EventIds.BackendDown).Where(IsOfTheHole)]).Length > 0, "the hole is down");
        int before = steady.RequestCount;
        await Until.TrueAsync(() => steady.RequestCount >= before + 5, "checks of the other backend go on");

        Assert.Equal("timed out after 60ms", Assert.Single(lbtcp.Records(EventIds.BackendDown), IsOfTheHole)["reason"]);
        IsServingAtEnd = false; // the other backend may be down as well then

        bool IsOfTheHole(JsonLogRecord record) => record["backend"] == hole.EndPoint.ToString();
    }

    [SkippableFact]
    public async Task TcpCheck_BackendDoesNotNotice()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux can hold back the acknowledgement");
        TestBackend backend = Backend(Behaviours.EchoAsync);
        HttpBackend other = Own(new HttpBackend());
        _ = await StartAsync([backend.EndPoint], [.. _fast, "--backends", $"{other.EndPoint},check=http"]);

        await Until.TrueAsync(() => other.RequestCount >= 30, "30 checks");

        Assert.InRange(backend.Accepted, 0, 10); // none, unless this machine holds up a check for 200 ms
    }

    [Fact]
    public async Task NoCheck_BackendIsNeverProbed()
    {
        TestBackend first = Backend(Behaviours.EchoAsync);
        HttpBackend second = Own(new HttpBackend());
        LbTcpProcess lbtcp = await StartAsync([first.EndPoint, second.EndPoint], "--check", "none", "--check-interval", "10ms");

        for (int i = 0; i < 20; i++)
            await AssertIsEchoedAsync(lbtcp);

        Assert.Equal(10, first.Accepted);
        Assert.Equal(0, second.RequestCount);
    }

    [Fact]
    public async Task BackendGoesDown_SessionsOnItGoOn()
    {
        TestBackend backend = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(backend, [.. _fast, "--fall", "1", "--rise", "1"]);
        TestConnection client = await ConnectAsync(lbtcp);
        await client.SendAsync("before");
        Assert.Equal("before", await client.ReceiveTextAsync(6));

        backend.GoDown();
        await lbtcp.RecordAsync(EventIds.BackendDown);
        await client.SendAsync("after");

        Assert.Equal("after", await client.ReceiveTextAsync(5));
        backend.ComeUp();
        await lbtcp.RecordAsync(EventIds.BackendUp);
    }

    [Fact]
    public async Task AllDownByCheck_ClientsAreReset()
    {
        HttpBackend backend = Own(new HttpBackend());
        LbTcpProcess lbtcp = await StartFailingAsync(backend);

        await AssertIsResetAsync(lbtcp);

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("no_backend_available", "lbtcp"), (end["reason"], end["ended_by"]));
        await RecoverAsync(backend, lbtcp);
    }

    [Theory]
    [InlineData("close", "", "no_backend_available")]
    [InlineData("try-any", "echo", "completed")]
    public async Task AllDownByCheck_ThoughTheyAccept_ClientsGetWhatTheFlagSays(string whenAllDown, string answer, string reason)
    {
        HttpBackend backend = Own(new HttpBackend());
        LbTcpProcess lbtcp = await StartFailingAsync(backend, "--when-all-down", whenAllDown);
        TestConnection client = await ConnectAsync(lbtcp);

        await client.SendAsync("echo");
        client.FinishSending();

        Assert.Equal(answer, await client.ReceiveTextToEndAsync());
        Assert.Equal(reason, (await lbtcp.EndRecordAsync())["reason"]);
        await RecoverAsync(backend, lbtcp);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task AllDownByCheck_OrderlyCloseButTheClientSendsOn_IsReset(string transport)
    {
        HttpBackend backend = Own(new HttpBackend());
        LbTcpProcess lbtcp = await StartFailingAsync(backend, "--when-all-down", "close", "--transport", transport);
        TestConnection client = await ConnectAsync(lbtcp);

        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            for (int i = 0; i < 1_000; i++)
                await client.SendAsync(new byte[64 * 1024]);
        });

        Assert.Equal("no_backend_available", (await lbtcp.EndRecordAsync())["reason"]);
        await RecoverAsync(backend, lbtcp);
    }

    [Fact]
    public async Task ConnectionLimitIsReached_ChecksGoOn()
    {
        HttpBackend backend = Own(new HttpBackend());
        LbTcpProcess lbtcp = await StartHttpAsync(backend, "--max-connections", "1");
        await ConnectAsync(lbtcp);
        await ConnectAsync(lbtcp);
        await lbtcp.RecordAsync(EventIds.ConnectionLimitReached);

        backend.Answer("500 Oops");
        await lbtcp.RecordAsync(EventIds.BackendDown);
        backend.Answer(HttpBackend.Ok);
        await lbtcp.RecordAsync(EventIds.BackendUp);
    }

    private async Task<LbTcpProcess> StartFailingAsync(HttpBackend backend, params string[] flags)
    {
        backend.Answer("500 Oops");
        LbTcpProcess lbtcp = await StartHttpAsync(backend, flags);
        await lbtcp.RecordAsync(EventIds.BackendDown);
        return lbtcp;
    }

    private static async Task RecoverAsync(HttpBackend backend, LbTcpProcess lbtcp)
    {
        backend.Answer(HttpBackend.Ok);
        await lbtcp.RecordAsync(EventIds.BackendUp);
    }

    private async Task<string> BannerAsync(LbTcpProcess lbtcp)
    {
        TestConnection client = await ConnectAsync(lbtcp);
        string banner = await client.ReceiveTextAsync(1);
        client.FinishSending();
        Assert.Empty(await client.ReceiveToEndAsync());
        return banner;
    }
}
