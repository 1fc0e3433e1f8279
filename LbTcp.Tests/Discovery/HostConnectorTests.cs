using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Discovery;

public sealed class HostConnectorTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(6);

    private readonly IBackendConnector _connector = Substitute.For<IBackendConnector>();
    private readonly List<IPEndPoint> _dials = [];
    private readonly DialScript _limit = new();
    private readonly LogRecorder<AddressTracker> _logs = new();
    private readonly List<Backend> _unreachable = [];
    private readonly HostConnector _hostConnector;

    public HostConnectorTests()
    {
        var addresses = new AddressTracker(new FakeTimeProvider(), _logs);
        addresses.Unreachable += _unreachable.Add;
        _hostConnector = new HostConnector(_connector, addresses);
    }

    [Fact]
    public async Task ConnectAsync_BackendWithoutAddresses_FailsWithoutADialAndIsReported()
    {
        ConnectionResult result = await ConnectAsync(BackendOf("name:80"));

        Assert.Null(result.Connection);
        Assert.Equal(SocketError.HostNotFound, result.Error);
        Assert.Empty(_dials);
        Assert.Single(_unreachable);
    }

    [Fact]
    public async Task ConnectAsync_AllAddressesFail_AreDialledInOrderAndReportedOnce()
    {
        Backend backend = BackendOf("name:80", "192.0.2.1", "192.0.2.2");
        Dials(SocketError.ConnectionRefused);

        Assert.Equal(SocketError.ConnectionRefused, (await ConnectAsync(backend)).Error);

        Assert.Equal(backend.EndPoints, _dials);
        Assert.Same(backend, Assert.Single(_unreachable));
    }

    [Fact]
    public async Task ConnectAsync_SecondAddressAnswered_IsDialledFirstFromThenOnAndGetsMostOfTheTime()
    {
        Backend backend = BackendOf("name:80", "192.0.2.1", "192.0.2.2");
        var connection = Substitute.For<IConnection>();
        Answers("192.0.2.1", new ConnectionResult(null, SocketError.TimedOut));
        Answers("192.0.2.2", new ConnectionResult(connection, SocketError.Success));
        _ = await ConnectAsync(backend);
        _limit.Attempts.Clear();
        _connector.ClearReceivedCalls();

        for (int i = 0; i < 3; i++)
            Assert.Same(connection, (await ConnectAsync(backend)).Connection);

        Assert.All(_limit.Attempts, attempt => Assert.Equal(_timeout * 0.75, attempt));
        Assert.Equal(3, _limit.Attempts.Count);
        Assert.Equal(
            "address does not answer backend=name:80 address=192.0.2.1:80 reason=timed out", _logs.Message(EventIds.AddressFails));
        Assert.Empty(_unreachable);
    }

    [Fact]
    public async Task ConnectAsync_PreferredAddressDies_TheOthersGetTheRestAndItIsNotPreferredAgain()
    {
        Backend backend = BackendOf("name:80", "192.0.2.1", "192.0.2.2", "192.0.2.3");
        var connection = Substitute.For<IConnection>();
        Answers("192.0.2.1", new ConnectionResult(connection, SocketError.Success));
        _ = await ConnectAsync(backend);
        Answers("192.0.2.1", new ConnectionResult(null, SocketError.HostUnreachable));
        Answers("192.0.2.2", new ConnectionResult(null, SocketError.HostUnreachable));
        Answers("192.0.2.3", new ConnectionResult(connection, SocketError.Success));
        _limit.Attempts.Clear();

        Assert.Same(connection, (await ConnectAsync(backend)).Connection);
        Assert.Equal([_timeout * 0.75, _timeout * 0.125, _timeout * 0.125], _limit.Attempts);
        Assert.Same(connection, (await ConnectAsync(backend)).Connection);
        Assert.Equal(4, _limit.Attempts.Count);
    }

    [Fact]
    public async Task ConnectAsync_DeadAddressAnswersAgain_IsLoggedOnceEach()
    {
        Backend backend = BackendOf("name:80", "192.0.2.1", "192.0.2.2");
        Dials(SocketError.ConnectionRefused);
        for (int i = 0; i < 3; i++)
            _ = await ConnectAsync(backend);
        Assert.Equal(2, _logs.Count(EventIds.AddressFails));

        Answers("192.0.2.1", new ConnectionResult(Substitute.For<IConnection>(), SocketError.Success));
        for (int i = 0; i < 3; i++)
            _ = await ConnectAsync(backend);

        Assert.Equal("address answers again backend=name:80 address=192.0.2.1:80", _logs.Message(EventIds.AddressAnswers));
    }

    [Fact]
    public async Task ConnectAsync_AnotherPortAnswers_SaysNothingAboutTheAddresses()
    {
        Backend backend = BackendOf("name:80", "192.0.2.1", "192.0.2.2");
        Dials(SocketError.ConnectionRefused);

        _ = await _hostConnector.ConnectAsync(backend, port: 8080, _timeout, _limit);

        Assert.Empty(_logs.Records);
    }

    [Fact]
    public async Task ConnectAsync_FirstAddressHangs_LeavesAnEqualShareOfTheTimeForTheSecond()
    {
        Backend backend = BackendOf("name:80", "192.0.2.1", "192.0.2.2");
        var connection = Substitute.For<IConnection>();
        Hangs("192.0.2.1");
        Answers("192.0.2.2", new ConnectionResult(connection, SocketError.Success));

        Task<ConnectionResult> connecting = ConnectAsync(backend).AsTask();
        _limit.TimeOut();

        Assert.Same(connection, (await connecting.Done()).Connection);
        Assert.Equal([_timeout / 2, _timeout / 2], _limit.Attempts);
    }

    [Fact]
    public async Task ConnectAsync_TimeIsUp_IsTimedOut()
    {
        Hangs("10.0.0.1");

        Task<ConnectionResult> connecting = ConnectAsync(BackendOf("10.0.0.1:80")).AsTask();
        _limit.TimeOut();

        Assert.Equal(SocketError.TimedOut, (await connecting.Done()).Error);
    }

    [Fact]
    public async Task ConnectAsync_Abandoned_TriesNoFurtherAddress()
    {
        Backend backend = BackendOf("name:80", "192.0.2.1", "192.0.2.2");
        Hangs("192.0.2.1");

        Task<ConnectionResult> connecting = ConnectAsync(backend).AsTask();
        _limit.Abandon();

        Assert.Equal(SocketError.OperationAborted, (await connecting.Done()).Error);
        _ = Assert.Single(_limit.Attempts);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, SocketError.AddressNotAvailable, SocketError.ConnectionRefused, 2)]
    [InlineData(SocketError.AddressNotAvailable, SocketError.ConnectionRefused, SocketError.ConnectionRefused, 2)]
    [InlineData(SocketError.AddressNotAvailable, SocketError.AddressNotAvailable, SocketError.AddressNotAvailable, 2)]
    [InlineData(SocketError.TooManyOpenSockets, SocketError.ConnectionRefused, SocketError.TooManyOpenSockets, 1)]
    public async Task ConnectAsync_AllAddressesFail_BlamesThisMachineOnlyWhenNothingElseWasFound(
        SocketError first, SocketError second, SocketError expected, int dials)
    {
        Backend backend = BackendOf("name:80", "192.0.2.1", "192.0.2.2");
        Answers("192.0.2.1", new ConnectionResult(null, first));
        Answers("192.0.2.2", new ConnectionResult(null, second));

        Assert.Equal(expected, (await ConnectAsync(backend)).Error);
        Assert.Equal(dials, _limit.Attempts.Count);
        Assert.Equal(SocketErrors.IsLocalFault(expected) ? 0 : 1, _unreachable.Count); // says nothing about the name
    }

    [Fact]
    public async Task ConnectAsync_AnotherPort_IsDialledAtEveryAddress()
    {
        Backend backend = BackendOf("name:80", "192.0.2.1", "192.0.2.2");
        Dials(SocketError.ConnectionRefused);

        _ = await _hostConnector.ConnectAsync(backend, port: 8080, _timeout, _limit);

        Assert.Equal(["192.0.2.1:8080", "192.0.2.2:8080"], _dials.Select(dial => dial.ToString()));
    }

    private static Backend BackendOf(string url, params string[] addresses)
    {
        BackendOptions options = Pools.Options(url)[0];
        if (addresses.Length > 0)
            options = options with { Resolved = new ResolvedHost(options.Address.HostName, Array.ConvertAll(addresses, IPAddress.Parse)) };
        return new BackendPool([options]).GetAllBackends()[0];
    }

    private ValueTask<ConnectionResult> ConnectAsync(Backend backend) => _hostConnector.ConnectAsync(backend, port: null, _timeout, _limit);

    private void Dials(SocketError error) => _connector.ConnectAsync(null!, null, CancellationToken.None).ReturnsForAnyArgs(call =>
    {
        _dials.Add((IPEndPoint)call.Arg<EndPoint>());
        return ValueTask.FromResult(new ConnectionResult(null, error));
    });

    private void Answers(string address, ConnectionResult result) =>
        _connector.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), 80), null, Arg.Any<CancellationToken>()).Returns(result);

    private void Hangs(string address) =>
        _connector.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), 80), null, Arg.Any<CancellationToken>()).Returns(call =>
        {
            var result = new TaskCompletionSource<ConnectionResult>();
            call.Arg<CancellationToken>().Register(() => result.SetResult(new ConnectionResult(null, SocketError.OperationAborted)));
            return new ValueTask<ConnectionResult>(result.Task);
        });

    /// <summary>A limit that times out and is abandoned when the test sets it.</summary>
    private sealed class DialScript : IDialLimit
    {
        private Action _cancel = () => { };

        /// <summary>How long each attempt so far might take.</summary>
        public List<TimeSpan> Attempts { get; } = [];

        public bool HasTimedOut { get; private set; }

        public bool IsAbandoned { get; private set; }

        public CancellationToken BeginAttempt(TimeSpan timeout)
        {
            Attempts.Add(timeout);
            HasTimedOut = false;
            var attempt = new CancellationTokenSource();
            _cancel = attempt.Cancel;
            return attempt.Token;
        }

        public void TimeOut()
        {
            HasTimedOut = true;
            _cancel();
        }

        public void Abandon()
        {
            IsAbandoned = true;
            _cancel();
        }
    }
}
