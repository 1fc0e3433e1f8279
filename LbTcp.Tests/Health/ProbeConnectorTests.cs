using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Health;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Health;

public class ProbeConnectorTests
{
    private static readonly IPEndPoint _first = new(IPAddress.Parse("192.0.2.1"), 80);
    private static readonly IPEndPoint _second = new(IPAddress.Parse("192.0.2.2"), 80);

    private readonly FakeTimeProvider _time = new();
    private readonly IBackendConnector _connector = Substitute.For<IBackendConnector>();

    [Fact]
    public async Task ConnectAsync_FirstAddressRefuses_TriesTheSecond()
    {
        var connection = Substitute.For<IConnection>();
        Answer(_first, new ConnectionResult(null, SocketError.ConnectionRefused));
        Answer(_second, new ConnectionResult(connection, SocketError.Success));
        Assert.Same(connection, (await ConnectAsync(_first, _second)).Connection);
    }

    [Fact]
    public async Task ConnectAsync_FirstAddressHangs_LeavesTimeForTheSecond()
    {
        var connection = Substitute.For<IConnection>();
        _connector.ConnectAsync(_first, Arg.Any<CancellationToken>()).Returns(call =>
        {
            var result = new TaskCompletionSource<ConnectionResult>();
            call.Arg<CancellationToken>().Register(() => result.SetResult(new ConnectionResult(null, SocketError.OperationAborted)));
            return new ValueTask<ConnectionResult>(result.Task);
        });
        Answer(_second, new ConnectionResult(connection, SocketError.Success));

        Task<ConnectionResult> connecting = ConnectAsync(_first, _second);
        _time.Advance(TimeSpan.FromSeconds(1)); // half the limit
        Assert.Same(connection, (await connecting.Done()).Connection);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, SocketError.AddressNotAvailable, SocketError.ConnectionRefused)]
    [InlineData(SocketError.AddressNotAvailable, SocketError.ConnectionRefused, SocketError.ConnectionRefused)]
    [InlineData(SocketError.TooManyOpenSockets, SocketError.AddressNotAvailable, SocketError.AddressNotAvailable)]
    public async Task ConnectAsync_AllAddressesFail_BlamesThisMachineOnlyWhenNothingElseWasFound(
        SocketError first, SocketError second, SocketError expected)
    {
        Answer(_first, new ConnectionResult(null, first));
        Answer(_second, new ConnectionResult(null, second));
        Assert.Equal(expected, (await ConnectAsync(_first, _second)).Error);
    }

    [Fact]
    public async Task HangUpAsync_PeerHasMoreToSay_SendsFinAndReadsToThePeersFin()
    {
        // Inline: what a write sets off has happened when it returns.
        var input = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var output = new Pipe();
        IConnection connection = Substitute.For<IConnection>();
        connection.Input.Returns(input.Reader);
        connection.Output.Returns(output.Writer);

        Task hangingUp = new ProbeConnector(_connector, _time).HangUpAsync(connection, default);
        Assert.True((await output.Reader.ReadAsync()).IsCompleted);
        await input.Writer.WriteAsync("220 ready\r\n"u8.ToArray());
        await input.Writer.WriteAsync("221 bye\r\n"u8.ToArray());
        Assert.False(hangingUp.IsCompleted);
        await input.Writer.CompleteAsync();

        await hangingUp.Done();
    }

    private void Answer(IPEndPoint endPoint, ConnectionResult result) =>
        _connector.ConnectAsync(endPoint, Arg.Any<CancellationToken>()).Returns(result);

    private async Task<ConnectionResult> ConnectAsync(params IPEndPoint[] endPoints)
    {
        using var deadline = new ProbeDeadline(TimeSpan.FromSeconds(2), _time, default);
        return await new ProbeConnector(_connector, _time).ConnectAsync(endPoints, deadline);
    }
}
