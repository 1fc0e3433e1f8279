using System.Net;
using System.Net.Sockets;
using LbTcp.Hosting.Operations;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using IKestrelListener = Microsoft.AspNetCore.Connections.IConnectionListener;

namespace LbTcp.Admin;

/// <summary>
/// Gives Kestrel the connections of an <see cref="OperatorListener"/>. Kestrel's own listener accepts in a hot loop when the process has no
/// descriptors left (dotnet/aspnetcore#12228).
/// </summary>
/// <param name="listener">Accepts them.</param>
/// <param name="sockets">Makes connections of sockets.</param>
internal sealed class AdminListener(OperatorListener listener, SocketConnectionContextFactory sockets)
    : IConnectionListenerFactory, IKestrelListener
{
    /// <inheritdoc/>
    public EndPoint EndPoint => listener.LocalEndPoint;

    /// <inheritdoc/>
    public ValueTask<IKestrelListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await listener.AcceptAsync(cancellationToken) is (Socket socket, Requester requester))
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // off the thread that watches sockets
            try
            {
                ConnectionContext connection = sockets.Create(socket);
                connection.Features.Set(requester);
                return connection;
            }
            catch (SocketException)
            {
                socket.Dispose(); // the client has left
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        listener.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        sockets.Dispose();
        return ValueTask.CompletedTask;
    }
}
