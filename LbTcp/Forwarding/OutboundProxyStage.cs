using System.Globalization;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Preface;

namespace LbTcp.Forwarding;

/// <summary>
/// Puts the PROXY protocol header into the output of the connection to the backend, for the backends that get one. It is sent with the
/// bytes that come next, those of the client or of another stage, or alone if there are none yet.
/// </summary>
/// <param name="options">The header.</param>
/// <param name="ids">Begins the ids in the headers, so that they differ from those of other processes; null to send none.</param>
/// <param name="next">What else comes before the bytes of the client, behind the header; null for nothing.</param>
internal sealed class OutboundProxyStage(PrefaceOptions options, string? ids, IConnectionStage? next) : IConnectionStage
{
    public TimeSpan Timeout => next?.Timeout ?? options.PrefaceTimeout;

    public ConnectionEndReason TimeoutReason => next?.TimeoutReason ?? ConnectionEndReason.PrefaceTimeout;

    public ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken)
    {
        SendProxy version = options.SendProxyFor(connection.Dial.Backend!.Options);
        if (version is not SendProxy.Off)
        {
            ProxyHeaderWriter.Write(
                connection.Dial.Connection!.Output, version, connection.Source, connection.Destination, AdditionsFor(connection));
        }

        return next is null ? ValueTask.FromResult(true) : next.RunAsync(connection, cancellationToken);
    }

    private ProxyAdditions AdditionsFor(ActiveConnection connection) => new(
        ids is null ? null : string.Create(CultureInfo.InvariantCulture, $"{ids}-{connection.Id:x}"),
        connection.Preface?.ServerName,
        connection.Preface?.Tls);
}
