using System.Net;
using System.Net.Sockets;
using System.Text;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>One end of a connection with which a test plays a client or a backend. Nothing waits for longer than the deadline.</summary>
internal sealed class TestConnection(Socket socket) : IDisposable
{
    private long _sent;
    private bool _wasResetAtOnce;

    /// <summary>The address and port of this end.</summary>
    /// <summary>The address of the peer, while the connection has not failed.</summary>
    public IPEndPoint RemoteEndPoint => (IPEndPoint)socket.RemoteEndPoint!;

    public IPEndPoint LocalEndPoint { get; } = socket.LocalEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);

    /// <summary>Bytes that the system took so far; grows while a <see cref="SendAsync(ReadOnlyMemory{byte})"/> is stuck.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Whether there are bytes to receive.</summary>
    public bool HasReceived => socket.Available > 0;

    /// <summary>Connects to <paramref name="endPoint"/>.</summary>
    /// <param name="endPoint">Where to.</param>
    /// <param name="receiveBuffer">How much the system stores for a reader that does not read; its own choice when null.</param>
    /// <param name="from">The address to connect from; the system's choice when null.</param>
    public static async Task<TestConnection> ConnectAsync(EndPoint endPoint, int? receiveBuffer = null, IPAddress? from = null)
    {
        Socket socket = RawSockets.SocketFor(endPoint);
        try
        {
            if (receiveBuffer is { } size)
                socket.ReceiveBufferSize = size;
            if (from is not null)
                socket.Bind(new IPEndPoint(from, 0));
            await Until.DoneAsync(
                async token =>
                {
                    await socket.ConnectAsync(endPoint, token);
                    return true;
                },
                $"a connection to {endPoint}");
            return new TestConnection(socket);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset)
        {
            // The peer took the connection and reset it before this side could look: the reset is what the first receive shall find.
            return new TestConnection(socket) { _wasResetAtOnce = true };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends all of it.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlyMemory<byte> piece = bytes[..Math.Min(bytes.Length, 64 * 1024)]; // SendAsync comes back when all of it was taken
            int count = await Until.DoneAsync(token => socket.SendAsync(piece, token), $"room to send after {Sent} bytes");
            Interlocked.Add(ref _sent, count);
            bytes = bytes[piece.Length..];
        }
    }

    /// <summary>Receives what is there, at least one byte; nothing at the end of the stream.</summary>
    public async Task<int> ReceiveSomeAsync(Memory<byte> buffer) => _wasResetAtOnce
        ? throw new SocketException((int)SocketError.ConnectionReset)
        : await Until.DoneAsync(token => socket.ReceiveAsync(buffer, token), "bytes or the end of the stream");

    /// <summary>Receives exactly <paramref name="count"/> bytes.</summary>
    /// <exception cref="EndOfStreamException">The stream ended before.</exception>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int length = 0; length < count;)
        {
            int received = await ReceiveSomeAsync(bytes.AsMemory(length));
            if (received == 0)
                throw new EndOfStreamException($"The stream ended after {length} of {count} bytes.");
            length += received;
        }

        return bytes;
    }

    /// <summary>Receives exactly <paramref name="length"/> characters.</summary>
    public async Task<string> ReceiveTextAsync(int length) => Encoding.Latin1.GetString(await ReceiveAsync(length));

    /// <summary>Receives all there is up to the peer's FIN.</summary>
    public async Task<byte[]> ReceiveToEndAsync()
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        for (int count; (count = await ReceiveSomeAsync(buffer)) > 0;)
            all.Write(buffer, 0, count);
        return all.ToArray();
    }

    /// <summary>Receives text up to the peer's FIN.</summary>
    public async Task<string> ReceiveTextToEndAsync() => Encoding.Latin1.GetString(await ReceiveToEndAsync());

    /// <summary>Receives up to the peer's reset.</summary>
    /// <returns>How many bytes came before it.</returns>
    /// <exception cref="EndOfStreamException">The peer sent FIN.</exception>
    public async Task<long> ReceiveToResetAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        try
        {
            for (int count; (count = await ReceiveSomeAsync(buffer)) > 0;)
                total += count;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset)
        {
            return total;
        }

        throw new EndOfStreamException($"A clean end instead of a reset, after {total} bytes.");
    }

    /// <summary>The connection as a stream, which must not outlive it.</summary>
    public NetworkStream Stream() => new(socket);

    /// <summary>Sends FIN and leaves receiving open.</summary>
    public void FinishSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Sends RST.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    /// <summary>Closes as a program does that calls close(2): FIN, or RST when something was not read.</summary>
    public void Close() => socket.Dispose();

    public void Dispose() => socket.Dispose();
}
