using System.Net;
using System.Net.Sockets;
using System.Text;
using LbTcp.Backends;

namespace LbTcp.Tests.TestDoubles;

/// <summary>A service on a free loopback port that serves every client with a script, one after the other.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<string> _firstClientEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;

    /// <summary>Starts the service.</summary>
    /// <param name="serve">What is done with a client before its end is read.</param>
    public LoopbackServer(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _listener.Start();
        _serving = ServeAsync(serve);
    }

    /// <summary>Where the service is.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>How the first client went, after its script and whatever else it sent: <c>FIN</c> or the socket error.</summary>
    public Task<string> FirstClientEnd => _firstClientEnd.Task;

    /// <summary>How many clients came.</summary>
    public int Clients { get; private set; }

    /// <summary>A service that reads a request and answers with the same bytes, whatever was asked.</summary>
    public static LoopbackServer Answering(string response) => new(async (client, cancellationToken) =>
    {
        await ReadRequestAsync(client, cancellationToken);
        await client.WriteAsync(Encoding.ASCII.GetBytes(response), cancellationToken);
        client.Socket.Shutdown(SocketShutdown.Send);
    });

    /// <summary>Reads up to the empty line after the headers.</summary>
    public static async Task<string> ReadRequestAsync(NetworkStream client, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        int length = 0;
        while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            int read = await client.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                break;
            length += read;
        }

        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    /// <summary>The service as a backend.</summary>
    /// <param name="scheme"><c>tcp</c> or <c>http</c>.</param>
    public Backend ToBackend(string scheme) => new BackendPool([$"{scheme}://{EndPoint}"]).GetAllBackends()[0];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync(Func<NetworkStream, CancellationToken, Task> serve)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using Socket socket = await _listener.AcceptSocketAsync(_stopping.Token);
                Clients++;
                _firstClientEnd.TrySetResult(await ServeAsync(socket, serve));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                return; // the listener may be closed before the cancellation is noticed
            }
        }
    }

    private async Task<string> ServeAsync(Socket socket, Func<NetworkStream, CancellationToken, Task> serve)
    {
        try
        {
            await using var client = new NetworkStream(socket, ownsSocket: false);
            await serve(client, _stopping.Token);
            byte[] rest = new byte[4096];
            while (await socket.ReceiveAsync(rest, _stopping.Token) > 0)
            {
            }

            return "FIN";
        }
        catch (IOException exception) when (exception.InnerException is SocketException cause)
        {
            return cause.SocketErrorCode.ToString();
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode.ToString();
        }
    }
}
