using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Discovery;
using LbTcp.Health;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Health;

public class ProbeConnectorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly IBackendConnector _connector = Substitute.For<IBackendConnector>();
    private readonly ProbeConnector _probeConnector;

    public ProbeConnectorTests()
    {
        _probeConnector = new ProbeConnector(new HostConnector(_connector, new HostResolver()), _time);
        _connector.ConnectAsync(null!, CancellationToken.None).ReturnsForAnyArgs(call =>
        {
            var result = new TaskCompletionSource<ConnectionResult>();
            call.Arg<CancellationToken>().Register(() => result.SetResult(new ConnectionResult(null, SocketError.OperationAborted)));
            return new ValueTask<ConnectionResult>(result.Task);
        });
    }

    [Fact]
    public async Task ConnectAsync_DialHangs_TimesOutAtTheLimit()
    {
        using var deadline = new ProbeDeadline(TimeSpan.FromSeconds(2), _time, CancellationToken.None);
        Task<ConnectionResult> connecting = _probeConnector.ConnectAsync(SomeBackend(), deadline);

        _time.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.False(connecting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(SocketError.TimedOut, (await connecting.Done()).Error);
    }

    [Fact]
    public async Task ConnectAsync_ProbingEnds_IsCancelled()
    {
        using var stopping = new CancellationTokenSource();
        using var deadline = new ProbeDeadline(TimeSpan.FromSeconds(2), _time, stopping.Token);
        Task<ConnectionResult> connecting = _probeConnector.ConnectAsync(SomeBackend(), deadline);

        await stopping.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Done());
    }

    [Fact]
    public async Task HangUpAsync_PeerSendsMore_SendsFinAndReadsToThePeersFin()
    {
        // Inline: what a write sets off has happened when it returns.
        var input = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var output = new Pipe();
        IConnection connection = Substitute.For<IConnection>();
        connection.Input.Returns(input.Reader);
        connection.Output.Returns(output.Writer);

        Task hangingUp = _probeConnector.HangUpAsync(connection, default);
        Assert.True((await output.Reader.ReadAsync()).IsCompleted);
        await input.Writer.WriteAsync("220 ready\r\n"u8.ToArray());
        await input.Writer.WriteAsync("221 bye\r\n"u8.ToArray());
        Assert.False(hangingUp.IsCompleted);
        await input.Writer.CompleteAsync();

        await hangingUp.Done();
    }

    private static Backend SomeBackend() => new BackendPool(["192.0.2.1:80"]).GetAllBackends()[0];
}
