using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>
/// A backend inside the test: it serves every connection with a behaviour, or hands connections to the test that plays it. Its port stays
/// reserved, and refuses, while it is down.
/// </summary>
internal sealed class TestBackend : IDisposable
{
    private readonly ReservedPort _port;
    private readonly int? _receiveBuffer;
    private readonly Channel<TestConnection> _unserved = Channel.CreateUnbounded<TestConnection>();
    private readonly Lock _gate = new();
    private readonly List<TestConnection> _open = [];
    private Func<TestConnection, Task>? _behaviour;
    private Socket? _listener;
    private int _accepted;
    private int _mostAtOnce;

    /// <summary>Starts to listen.</summary>
    /// <param name="behaviour">Serves a connection, which is then closed; null when the test calls <see cref="AcceptAsync"/>.</param>
    /// <param name="address">127.0.0.1 when null.</param>
    /// <param name="receiveBuffer">The receive buffer of a connection, in bytes; the system's choice when null.</param>
    /// <param name="port">A free one when 0.</param>
    public TestBackend(
        Func<TestConnection, Task>? behaviour = null, IPAddress? address = null, int? receiveBuffer = null, int port = 0)
    {
        _behaviour = behaviour;
        _port = new ReservedPort(address, port);
        _receiveBuffer = receiveBuffer;
        ComeUp();
    }

    public IPEndPoint EndPoint => _port.EndPoint;

    /// <summary>How many connections it has had.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many connections it has had at a time, at most.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    /// <summary>The next connection that no behaviour takes care of.</summary>
    public async Task<TestConnection> AcceptAsync() =>
        await Until.DoneAsync(_unserved.Reader.ReadAsync, $"a connection to backend {EndPoint}");

    /// <summary>From now on refuses connections; those it has stay.</summary>
    public void GoDown() => Interlocked.Exchange(ref _listener, null)?.Dispose();

    /// <summary>Listens again.</summary>
    public void ComeUp()
    {
        Socket listener = _port.Listen(receiveBuffer: _receiveBuffer);
        _listener = listener;
        _ = AcceptLoopAsync(listener);
    }

    /// <summary>Closes every connection and serves later ones with <paramref name="behaviour"/>.</summary>
    public void CloseConnections(Func<TestConnection, Task> behaviour)
    {
        lock (_gate)
        {
            _behaviour = behaviour;
            foreach (TestConnection connection in _open)
                connection.Dispose();
            _open.Clear();
        }
    }

    public void Dispose()
    {
        GoDown();
        CloseConnections(_ => Task.CompletedTask);
        _port.Dispose();
    }

    private async Task AcceptLoopAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptAsync();
                socket.NoDelay = true;
                Serve(new TestConnection(socket));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It went down.
        }
    }

    private void Serve(TestConnection connection)
    {
        lock (_gate)
        {
            _open.Add(connection);
            _accepted++;
            _mostAtOnce = Math.Max(_mostAtOnce, _open.Count);
            if (_behaviour is null)
                _unserved.Writer.TryWrite(connection);
            else
                _ = RunAsync(connection, _behaviour);
        }
    }

    private async Task RunAsync(TestConnection connection, Func<TestConnection, Task> behaviour)
    {
        try
        {
            await Task.Yield();
            await behaviour(connection);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or TimeoutException)
        {
            // The other side ended it; what the client saw is for the test to judge.
        }

        lock (_gate)
            _open.Remove(connection);
        connection.Dispose();
    }
}
