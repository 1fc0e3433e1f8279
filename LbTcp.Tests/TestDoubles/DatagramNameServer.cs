using System.Net;
using System.Net.Sockets;

namespace LbTcp.Tests.TestDoubles;

/// <summary>A name server on loopback that answers each datagram with what a test makes of it.</summary>
internal sealed class DatagramNameServer : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    /// <summary>Starts one.</summary>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="answers">Returns the datagrams that answer a query; <see cref="ScriptedMessages"/> makes them.</param>
    public DatagramNameServer(int port, Func<byte[], IEnumerable<byte[]>> answers)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _serving = ServeAsync(answers);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync(Func<byte[], IEnumerable<byte[]>> answers)
    {
        byte[] buffer = new byte[1500];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received =
                    await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
                foreach (byte[] answer in answers(buffer[..received.ReceivedBytes]))
                    _ = await _socket.SendToAsync(answer, received.RemoteEndPoint, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test ends.
        }
    }
}
