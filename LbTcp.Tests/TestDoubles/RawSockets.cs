using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using LbTcp.Configuration;
using LbTcp.Connections;

namespace LbTcp.Tests.TestDoubles;

/// <summary>What tests do with the sockets of clients and backends.</summary>
internal static class RawSockets
{
    /// <summary>A listening socket at a free port of the loopback.</summary>
    public static TcpListener Listen(IPAddress? address = null)
    {
        var listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    /// <summary>As <see cref="Listen"/>, for a transport.</summary>
    public static ListenSocket Open() => ListenSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>An address of a unix socket that nobody uses, without a file.</summary>
    public static UnixEndPoint FreeUnix() => new($"@lbtcp-test-{Guid.NewGuid():N}");

    /// <summary>A socket of the family of <paramref name="endPoint"/>.</summary>
    public static Socket SocketFor(EndPoint endPoint) => endPoint.AddressFamily is AddressFamily.Unix
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>A listening socket.</summary>
    /// <param name="endPoint">Where.</param>
    /// <param name="backlog">The length of its queue.</param>
    public static Socket ListenAt(EndPoint endPoint, int backlog = 512)
    {
        Socket socket = SocketFor(endPoint);
        socket.Bind(endPoint);
        socket.Listen(backlog);
        return socket;
    }

    public static IPEndPoint EndPoint(this ListenSocket socket) => (IPEndPoint)socket.LocalEndPoint;

    public static IPEndPoint EndPoint(this TcpListener listener) => (IPEndPoint)listener.LocalEndpoint;

    /// <summary>Connects.</summary>
    /// <param name="endPoint">To where.</param>
    /// <param name="receiveBuffer">Bytes that the system takes without anybody reading; null for as many as it likes.</param>
    public static async Task<Socket> ConnectAsync(EndPoint endPoint, int? receiveBuffer = null)
    {
        Socket socket = SocketFor(endPoint);
        if (receiveBuffer is { } size)
            socket.ReceiveBufferSize = size;
        await socket.ConnectAsync(endPoint);
        return socket;
    }

    /// <summary>Closes with RST.</summary>
    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    /// <summary>Completes when the peer's system has taken everything that was sent, which a unix socket does at once.</summary>
    public static Task FlushedAsync(this Socket socket) => socket.AddressFamily is AddressFamily.Unix ? Task.CompletedTask :
        Until.TrueAsync(() => TcpInfo.TryRead(socket, out TcpInfo info) && info.IsFlushed, "everything sent was acknowledged");

    /// <summary>Sends reproducible noise in chunks of many sizes.</summary>
    /// <returns>Its digest.</returns>
    public static async Task<string> SendNoiseAsync(this Socket socket, int seed, long length, Action<int>? onSent = null)
    {
        var random = new Random(seed);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[200_000];
        while (length > 0)
        {
            Memory<byte> bytes = chunk.AsMemory(0, (int)Math.Min(length, 1 + random.Next(random.Next(10) == 0 ? chunk.Length : 5_000)));
            random.NextBytes(bytes.Span);
            digest.AppendData(bytes.Span);
            _ = await socket.SendAsync(bytes);
            onSent?.Invoke(bytes.Length);
            length -= bytes.Length;
        }

        return Convert.ToHexString(digest.GetHashAndReset());
    }

    /// <summary>Receives until FIN, or until RST.</summary>
    public static async Task<Received> ReceiveToEndAsync(this Socket socket, int chunkSize = 100_000)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[chunkSize];
        long length = 0;
        SocketError end = SocketError.Success;
        try
        {
            while (await socket.ReceiveAsync(chunk) is > 0 and int received)
            {
                digest.AppendData(chunk, 0, received);
                length += received;
            }
        }
        catch (SocketException exception)
        {
            end = exception.SocketErrorCode;
        }

        return new Received(length, Convert.ToHexString(digest.GetHashAndReset()), end);
    }

    /// <summary>Receives exactly so many bytes.</summary>
    public static async Task<byte[]> ReceiveExactlyAsync(this Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        for (int received = 0; received < length;)
        {
            int more = await socket.ReceiveAsync(bytes.AsMemory(received)).AsTask().Done();
            Assert.NotEqual(0, more);
            received += more;
        }

        return bytes;
    }

    /// <summary>What arrived, and how it ended: <see cref="SocketError.Success"/> for FIN.</summary>
    internal readonly record struct Received(long Length, string Digest, SocketError End)
    {
        /// <summary>All but the digest.</summary>
        public (long Length, SocketError End) Outcome => (Length, End);
    }
}
