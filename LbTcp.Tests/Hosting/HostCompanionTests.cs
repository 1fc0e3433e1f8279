using System.Net;
using LbTcp.Configuration;
using LbTcp.Hosting;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace LbTcp.Tests.Hosting;

public sealed class HostCompanionTests
{
    private readonly IHostCompanion _companion = Substitute.For<IHostCompanion>();

    [Fact]
    public async Task ServeAsync_CompanionCannotStart_DoesNotStartAndDisposesIt()
    {
        _companion.StartAsync(default!, default!).ThrowsAsyncForAnyArgs(
            new StartException("Cannot listen on 127.0.0.1:9900.", isConfigurationError: false));

        StartException failure = await Assert.ThrowsAsync<StartException>(() => ServeAsync("10.0.0.1:80"));

        Assert.Equal("Cannot listen on 127.0.0.1:9900.", failure.Message);
        await _companion.Received(1).DisposeAsync();
    }

    [Fact]
    public async Task ServeAsync_BackendIsTheAddressOfTheCompanion_DoesNotStart()
    {
        ProcessState? state = null;
        _companion.StartAsync(Arg.Do<IHostView>(view => state = view.ReadProcess().State), Arg.Any<IHostControl>())
            .Returns(Task.CompletedTask);
        _companion.LocalEndPoints.Returns([IPEndPoint.Parse("127.0.0.1:9900")]);

        StartException failure = await Assert.ThrowsAsync<StartException>(() => ServeAsync("127.0.0.1:9900"));

        Assert.True(failure.IsConfigurationError);
        Assert.StartsWith(
            "The backend 127.0.0.1:9900 is an address that lbtcp itself listens on", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ProcessState.Starting, state);
        await _companion.Received(1).DisposeAsync();
    }

    private async Task ServeAsync(string backend)
    {
        var options = new HostOptions
        {
            Services = [new ServiceOptions { Listen = [new ListenAddress("127.0.0.1", 0)], Backends = Pools.Options(backend) }],
        };
        using var host = new Host(new ConfigurationResult(options, [], []), read: null, _ => _companion);
        _ = await host.ServeAsync().Done();
    }
}
