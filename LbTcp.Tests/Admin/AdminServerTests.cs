using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using LbTcp.Admin;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace LbTcp.Tests.Admin;

public class AdminServerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartAsync_AddressOrUnixSocket_Answers(bool isUnix)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync(isUnix: isUnix);
        (HttpStatusCode status, JsonNode body) = await admin.GetAsync("process");
        Assert.Equal((HttpStatusCode.OK, "1.2.3"), (status, (string?)body["version"]));
        Assert.Equal($"admin endpoint listens on {admin.Address}", admin.Log.Message(EventIds.AdminListening));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public async Task StartAsync_UnixSocket_IsForItsUserAlone()
    {
        Skip.If(OperatingSystem.IsWindows());
        await using AdminFixture admin = await AdminFixture.StartAsync(isUnix: true);
        var address = (UnixEndPoint)admin.Address;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(address.Path));
        await admin.StopAsync();
        Assert.False(File.Exists(address.Path));
    }

    [Fact]
    public async Task StartAsync_PortInUse_IsAStartExceptionThatNamesIt()
    {
        await using AdminFixture first = await AdminFixture.StartAsync();
        Assert.True(ListenAddress.TryParse(first.Address.ToString()!, out ListenAddress? address, out _));
        await using var second = new AdminServer(new AdminOptions(address, null), TimeProvider.System, NullLoggerFactory.Instance);
        StartException exception = await Assert.ThrowsAsync<StartException>(() => second.StartAsync(first.View, first.Control));
        Assert.Equal(
            $"The admin endpoint does not start. Cannot listen on {address}: the port is in use by another program.", exception.Message);
        Assert.False(exception.IsConfigurationError);
    }

    [Fact]
    public async Task StartAsync_TokenFileWithoutToken_IsAStartException()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("token", "\n");
        await using var server = new AdminServer(
            new AdminOptions(new ListenAddress("127.0.0.1", 0), path), TimeProvider.System, NullLoggerFactory.Instance);
        StartException exception = await Assert.ThrowsAsync<StartException>(
            () => server.StartAsync(Substitute.For<IHostView>(), Substitute.For<IHostControl>()));
        Assert.StartsWith($"{path} is empty;", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_OfAUnixSocket_IsRequestedByItsUser()
    {
        Requester? requester = null;
        await using AdminFixture admin = await AdminFixture.StartAsync(isUnix: true);
        admin.Control.SetLogLevel(default, Arg.Do<Requester>(who => requester = who))
            .ReturnsForAnyArgs(new ChangeResult(ChangeStatus.Done, "ok"));
        _ = await admin.PostAsync("log-level", """{"level":"debug"}""");
        using var id = Process.Start(new ProcessStartInfo("id", "-u") { RedirectStandardOutput = true })!;
        string user = (await id.StandardOutput.ReadToEndAsync()).Trim();
        Assert.Equal(new Requester($"uid {user}", "unix"), requester);
    }

    [Fact]
    public async Task Connection_OfALoopbackAddress_IsRequestedLocally()
    {
        Requester? requester = null;
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.Control.SetLogLevel(default, Arg.Do<Requester>(who => requester = who))
            .ReturnsForAnyArgs(new ChangeResult(ChangeStatus.Done, "ok"));
        _ = await admin.PostAsync("log-level", """{"level":"debug"}""");
        Assert.Equal("local", requester!.Name);
        Assert.StartsWith("127.0.0.1:", requester.From, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_DefectOfAHandler_IsAProblemWithoutAStackTraceAndALogRecord()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadProcess().Returns(_ => throw new InvalidOperationException("secret"));
        (HttpStatusCode status, JsonNode body) = await admin.GetAsync("process");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.DoesNotContain("secret", body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("secret", admin.Log.Single(EventIds.AdminFault).Exception!.Message);
    }

    [Fact]
    public async Task DisposeAsync_IdleConnections_DoNotDelayTheEnd()
    {
        AdminFixture admin = await AdminFixture.StartAsync();
        using Socket idle = await admin.ConnectAsync();
        _ = await admin.GetAsync("process");
        await admin.DisposeAsync().AsTask().Done();
        Assert.Equal(0, await idle.ReceiveAsync(new byte[1]));
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _ = await Assert.ThrowsAsync<SocketException>(() => other.ConnectAsync(admin.Address));
    }

    [Fact]
    public async Task DisposeAsync_NeverStarted_DoesNothing() =>
        await new AdminServer(new AdminOptions(new ListenAddress("127.0.0.1", 0), null), TimeProvider.System, NullLoggerFactory.Instance)
            .DisposeAsync();
}
