using System.Net;
using LbTcp.Hosting.Operations;
using NSubstitute;

namespace LbTcp.Tests.Admin.Api;

public class AliveRoutesTests
{
    [Fact]
    public async Task Healthz_AllTurns_IsOk()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(admin, "/healthz"));
    }

    [Fact]
    public async Task Healthz_SomethingStandsStill_IsUnavailableAndSaysWhat()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.VerifyAliveAsync(default).ReturnsForAnyArgs(new LivenessReport(false, ["The event loop 1 stands.", "No checks run."]));
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "The event loop 1 stands.\nNo checks run.\n"), await GetAsync(admin, "/healthz"));
    }

    [Fact]
    public async Task Readyz_EveryServiceHasAnAvailableBackend_IsOk()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(admin, "/readyz"));
    }

    [Fact]
    public async Task Readyz_AServiceHasNoAvailableBackend_IsUnavailableAndNamesIt()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadServices().Returns([SampleStates.Service("web"), SampleStates.Service("mail") with { BackendsAvailable = 0 }]);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "The service mail has no available backend, of 3.\n"), await GetAsync(admin, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(admin, "/readyz?service=web"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(admin, "/readyz?service=mail")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(admin, "/readyz?service=nope")).Status);
    }

    [Theory]
    [InlineData(ProcessState.Starting, "lbtcp is starting.\n")]
    [InlineData(ProcessState.Draining, "lbtcp is draining.\n")]
    public async Task Readyz_NotRunning_IsUnavailable(object state, string text)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadProcess().Returns(SampleStates.Process with { State = (ProcessState)state });
        Assert.Equal((HttpStatusCode.ServiceUnavailable, text), await GetAsync(admin, "/readyz"));
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(AdminFixture admin, string path)
    {
        using HttpResponseMessage response = await admin.Client.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
