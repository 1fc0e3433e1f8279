using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Admin.Client;

/// <summary>Where the admin endpoint is, and how to be admitted.</summary>
/// <param name="Address">The address that it listens on.</param>
/// <param name="Token">The bearer token; null for none.</param>
internal sealed record AdminTarget(ListenAddress Address, string? Token)
{
    /// <summary>The address unless another one is given.</summary>
    public const string DefaultAddress = "unix:/run/lbtcp.sock";

    /// <summary>The root of all requests. Over a unix socket the host only stands for this machine.</summary>
    public Uri Root => Address.Unix is null
        ? new Uri($"http://{Hosts.Format(Address.HostName ?? "localhost", Address.Port)}/api/v1/")
        : new Uri("http://localhost/api/v1/");

    /// <summary>Opens a connection to a unix socket.</summary>
    /// <exception cref="SocketException">It failed.</exception>
    public static async ValueTask<Stream> ConnectAsync(UnixEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
