using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Backends that accept connections and answer nobody.</summary>
public sealed class FirstByteTests : ServicesScenario
{
    // Only the silent backend has a timeout, so that the other is not blamed if this machine is busy.
    [Fact]
    public async Task SilentBackend_ItsOwnTimeout_EjectsItUntilItAnswersAgain()
    {
        TestBackend silent = Backend(Behaviours.HangAsync);
        TestBackend steady = Backend(Behaviours.EchoAsync);
        LbTcpProcess lbtcp = await StartAsync(
            steady, "--check", "tcp", "--check-interval", "100ms", "--ejection-time", "500ms", "--backends",
            $"{silent.EndPoint},first_byte_timeout=200ms");

        int broken = await EchoUntilAsync(lbtcp, () => lbtcp.Records(EventIds.BackendDown).Count > 0);
        silent.CloseConnections(Behaviours.EchoAsync);
        broken += await EchoUntilAsync(
            lbtcp, () => EndsOf(lbtcp, silent).Any(end => end["reason"] == "completed"));

        JsonLogRecord down = lbtcp.Records(EventIds.BackendDown)[0];
        Assert.Equal(
            ($"{silent.EndPoint}", "no answer in 200ms to what a client sent, ejected until it answers a check, at most for 300s"),
            (down["backend"], down["reason"]));
        JsonLogRecord[] ended = [.. lbtcp.Records(EventIds.ConnectionClosed).Where(end => end["reason"] == "first_byte_timeout")];
        Assert.InRange(ended.Length, 3, broken);
        Assert.All(ended, end => Assert.Equal(($"{silent.EndPoint}", "lbtcp"), (end["backend"], end["ended_by"])));
        IsServingAtEnd = false; // if this machine is busy, an echo takes longer than the timeout
    }

    [Fact]
    public async Task TimeoutOfTheService_BackendsOwnIsOff_IsNotLimited()
    {
        TestBackend patient = Backend();
        TestBackend silent = Backend();
        LbTcpProcess lbtcp = await StartAsync(
            [], "--check", "none", "--first-byte-timeout", "200ms", "--passive-fall", "0", "--backends",
            $"{patient.EndPoint},first_byte_timeout=0", $"{silent.EndPoint}");
        var (first, served) = await ConnectAsync(lbtcp, patient);
        var (second, _) = await ConnectAsync(lbtcp, silent);

        await first.SendAsync("x");
        await second.SendAsync("x");
        Assert.Equal($"{silent.EndPoint}", (await lbtcp.EndRecordAsync())["backend"]);
        await served.SendAsync("late");

        Assert.Equal("late", await first.ReceiveTextAsync(4));
        IsServingAtEnd = false;
    }

    [Fact]
    public async Task Reload_SetsTheTimeout_AppliesToConnectionsThatBeginAfterwards()
    {
        TestBackend silent = Backend();
        LbTcpProcess lbtcp = await StartServicesAsync(Service("web", silent));
        (TestConnection before, TestConnection served) = await ConnectAsync(AddressOf(lbtcp), silent);
        await before.SendAsync("x");

        await ReloadServicesAsync(lbtcp, Service("web", silent, more: """, "first_byte_timeout": "200ms" """));
        TestConnection after = await ConnectAsync(AddressOf(lbtcp));
        await after.SendAsync("x");

        Assert.Equal(0, await after.ReceiveToResetAsync());
        Assert.Equal("first_byte_timeout", (await lbtcp.EndRecordAsync())["reason"]);
        await served.SendAsync("late");
        Assert.Equal("late", await before.ReceiveTextAsync(4));
    }

    private static IEnumerable<JsonLogRecord> EndsOf(LbTcpProcess lbtcp, TestBackend backend) =>
        lbtcp.Records(EventIds.ConnectionClosed).Where(end => end["backend"] == $"{backend.EndPoint}");

    // Several clients at a time, each of which connects, is echoed and connects again. Returns how many were reset.
    private static async Task<int> EchoUntilAsync(LbTcpProcess lbtcp, Func<bool> condition)
    {
        using var enough = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => EchoAsync(lbtcp, enough.Token)))];
        await Until.TrueAsync(condition, () => $"what the clients bring about; it said\n{string.Join('\n', lbtcp.Lines.TakeLast(20))}");
        await enough.CancelAsync();
        return (await Task.WhenAll(clients)).Sum();
    }

    private static async Task<int> EchoAsync(LbTcpProcess lbtcp, CancellationToken enough)
    {
        int broken = 0;
        while (!enough.IsCancellationRequested)
        {
            using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint);
            try
            {
                await client.SendAsync("ping");
                Assert.Equal("ping", await client.ReceiveTextAsync(4));
            }
            catch (Exception exception) when (exception is System.Net.Sockets.SocketException or EndOfStreamException)
            {
                broken++;
            }
        }

        return broken;
    }
}
