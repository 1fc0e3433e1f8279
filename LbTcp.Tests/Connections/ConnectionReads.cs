using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections;

/// <summary>How tests read a connection to its end.</summary>
internal static class ConnectionReads
{
    /// <summary>Reads until FIN.</summary>
    /// <returns>How many bytes came before it.</returns>
    /// <exception cref="ConnectionException">The connection ended otherwise.</exception>
    public static async Task<long> ReadToEndAsync(this IConnection connection)
    {
        long length = 0;
        ReadResult result;
        do
        {
            result = await connection.Input.ReadAsync();
            length += result.Buffer.Length;
            connection.Input.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        return length;
    }

    /// <summary>Reads until the connection fails.</summary>
    /// <returns>With what, and how many bytes came before.</returns>
    public static async Task<(SocketError Error, long Length)> FailureAsync(this IConnection connection)
    {
        long length = 0;
        ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(async () =>
        {
            ReadResult result;
            do
            {
                result = await connection.Input.ReadAsync();
                length += result.Buffer.Length;
                connection.Input.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
        });
        return (failure.Error, length);
    }
}
