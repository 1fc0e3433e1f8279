using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace LbTcp.Discovery;

/// <summary>
/// Asks a name server by TCP (RFC 7766). DnsClient is not used for it: its dial cannot be cancelled, and the socket of one that is not
/// answered lives for two minutes.
/// </summary>
internal static class DnsStream
{
    /// <summary>Sends a message on a connection of its own, and returns the response. No thread waits for it.</summary>
    /// <exception cref="SocketException">The server cannot be reached.</exception>
    /// <exception cref="IOException">The connection has failed, or ended before the response.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> has fired; the socket is closed.</exception>
    public static async Task<byte[]> ExchangeAsync(IPEndPoint server, byte[] query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)query.Length);
        await stream.WriteAsync((byte[])[.. length, .. query], cancellationToken);
        await stream.ReadExactlyAsync(length, cancellationToken);
        byte[] response = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(response, cancellationToken);
        return response;
    }
}
