using System.IO.Pipelines;
using System.Net;
using System.Text;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Sockets;

namespace LbTcp.Demo;

/// <summary>A small HTTP server that answers every request, health checks included, with status 200 and its own name.</summary>
/// <param name="name">The name in its answers.</param>
/// <param name="endPoint">The address to listen on; port 0 selects a free port, which is kept for later starts.</param>
internal sealed class DemoBackend(string name, IPEndPoint endPoint) : IDisposable
{
    private const int LongestRequest = 16 * 1024;

    private readonly SocketTransport _transport = new(new TransportOptions());
    private IPEndPoint _endPoint = endPoint;
    private ListenSocket? _socket;

    /// <summary>The name in its answers.</summary>
    public string Name { get; } = name;

    /// <summary>Starts to listen and to answer requests.</summary>
    /// <returns>The address that it listens on.</returns>
    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public IPEndPoint Start()
    {
        _socket = ListenSocket.Open(_endPoint);
        _endPoint = (IPEndPoint)_socket.LocalEndPoint;
        _ = AcceptAsync(_transport.Listen(_socket)[0]);
        return _endPoint;
    }

    /// <summary>Closes the port: new clients are refused. It can be started again.</summary>
    public void Stop() => _socket?.Dispose();

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (await listener.AcceptAsync(CancellationToken.None) is { Connection: { } connection })
            _ = ServeAsync(connection);
    }

    private async Task ServeAsync(IConnection connection)
    {
        try
        {
            await connection.StartAsync();
            if (await ReadRequestLineAsync(connection.Input) is { } request)
                await connection.Output.WriteAsync(Answer(request));
            await connection.Output.CompleteAsync();
            await connection.Input.CopyToAsync(Stream.Null);
        }
        catch (ConnectionException)
        {
            // The client disconnected early.
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    // Null if the client closes before its request is complete, or the request is too long.
    private static async Task<string?> ReadRequestLineAsync(PipeReader input)
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync();
            string head = Encoding.Latin1.GetString(result.Buffer);
            bool isWhole = head.Contains("\r\n\r\n", StringComparison.Ordinal);
            input.AdvanceTo(isWhole ? result.Buffer.End : result.Buffer.Start, result.Buffer.End);
            if (isWhole)
                return head[..head.IndexOf('\r', StringComparison.Ordinal)];
            if (result.IsCompleted || head.Length > LongestRequest)
                return null;
        }
    }

    private byte[] Answer(string request)
    {
        string body = $"{Name} answers {request}\n";
        return Encoding.Latin1.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
    }
}
