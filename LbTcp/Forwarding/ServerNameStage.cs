using LbTcp.Diagnostics;
using LbTcp.Preface;

namespace LbTcp.Forwarding;

/// <summary>
/// Selects the backends of a connection by the server name of its ClientHello. No byte is consumed: the relay, or the TLS handshake, gets
/// them all. A client that is not a TLS client has no server name, and neither has one that sends nothing in time: it may wait for the
/// backend to speak first.
/// </summary>
/// <param name="routes">The routes to the backends.</param>
/// <param name="timeout">The maximum time for the ClientHello to arrive.</param>
internal sealed class ServerNameStage(BackendRoutes routes, TimeSpan timeout) : IConnectionStage
{
    public TimeSpan Timeout => timeout;

    public async ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken)
    {
        ClientHello hello = await ReadAsync(connection, cancellationToken);
        if (hello.Status is ClientHelloStatus.Invalid)
        {
            connection.Decide(ConnectionEndReason.ClientTlsFailed);
            return false;
        }

        if (hello.ServerName is not null)
            connection.NeedPreface().ServerName = hello.ServerName;
        BackendRoute? route = routes.Table.Find(hello.ServerName);
        if (route is null)
        {
            connection.Decide(
                cancellationToken.IsCancellationRequested ? ConnectionEndReason.PrefaceTimeout : ConnectionEndReason.ServerNameUnknown);
        }
        else if (route != routes.Default)
            connection.NeedPreface().Queue = route.Queue;
        return route is not null;
    }

    private static async ValueTask<ClientHello> ReadAsync(ActiveConnection connection, CancellationToken cancellationToken)
    {
        var reader = new ClientHelloReader(connection.Client.Input);
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!reader.HasBytes && !connection.IsDecided)
        {
            return new ClientHello(ClientHelloStatus.NotTls);
        }
    }
}
