using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>
/// Checks a backend by an HTTP GET of the health path: a 2xx status is healthy. Redirects are not followed and cookies are not kept. Only
/// the status of the answer counts: the body is not read, and headers beyond a size limit are a failure.
/// </summary>
internal sealed class HttpProbe(
    HostConnector connector, HangUpList hangUps, CurrentOptions<HealthCheckOptions> options, TimeProvider timeProvider) : IHealthProbe
{
    private const int DefaultPort = 80;
    private const int NotFound = 404;

    private readonly ProbeConnector _connector = new(connector, timeProvider);

    public async Task<ProbeResult> ProbeAsync(Backend backend, TimeSpan limit, CancellationToken cancellationToken)
    {
        string path = options.Value.PathFor(backend.Options);
        using ProbeDeadline deadline = _connector.BeginDeadline(limit, cancellationToken);

        // Everything up to the result completes on the connection's thread by itself; only there may the connection be used.
        ConnectionResult result = await _connector.ConnectAsync(backend, deadline).ConfigureAwait(false);
        if (result.Connection is not { } connection)
            return ProbeFailure.Of(result.Error, limit);
        bool isAnswered = false;
        try
        {
            _ = await connection.Output.WriteAsync(RequestTo(backend, path), deadline.Token).ConfigureAwait(false);
            var head = new HttpHead();
            HttpHeadState state = await ReadAsync(head, connection.Input, deadline.Token).ConfigureAwait(false);
            isAnswered = state is HttpHeadState.Complete;
            return Judge(state, head, $"GET {path}");
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            return ProbeFailure.Of(SocketError.TimedOut, limit, $"GET {path}");
        }
        catch (ConnectionException failure)
        {
            return ProbeFailure.Of(failure.Error, limit, $"GET {path}");
        }
        finally
        {
            if (isAnswered)
                hangUps.Add(connection, cancellationToken);
            else
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    // The zone of an IPv6 address is meaningful on this machine only (RFC 6874); the default port is left out (RFC 9110, section 4.2.3).
    private static byte[] RequestTo(Backend backend, string path)
    {
        BackendOptions backendOptions = backend.Options;
        if (backendOptions.Address.EndPoint is UnixEndPoint)
            return RequestTo("localhost", path);
        string name = backendOptions.Resolved?.HostName ?? backendOptions.Address.HostName.Split('%')[0];
        string host = Hosts.Format(name, backendOptions.CheckPort ?? backendOptions.Address.Port);
        string suffix = $":{DefaultPort}";
        return RequestTo(host.EndsWith(suffix, StringComparison.Ordinal) ? host[..^suffix.Length] : host, path);
    }

    private static byte[] RequestTo(string host, string path) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nUser-Agent: lbtcp\r\n\r\n");

    /// <summary>Reads the head of the answer; <see cref="HttpHeadState.Incomplete"/> if the backend has closed before its end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<HttpHeadState> ReadAsync(HttpHead head, PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult received = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            HttpHeadState state = head.Read(received.Buffer, out SequencePosition consumed);
            input.AdvanceTo(consumed, received.Buffer.End);
            if (state is not HttpHeadState.Incomplete || received.IsCompleted)
                return state;
        }
    }

    private static ProbeResult Judge(HttpHeadState state, HttpHead head, string request) => state switch
    {
        HttpHeadState.Complete => Judge(head.Status, request),
        HttpHeadState.Invalid => new ProbeResult(ProbeOutcome.Unhealthy, $"{request}: the answer is not HTTP"),
        HttpHeadState.TooLarge =>
            new ProbeResult(ProbeOutcome.Unhealthy, $"{request} answered with more than {HttpHead.MaxKiB} KiB of headers"),
        _ => new ProbeResult(
            ProbeOutcome.Unhealthy,
            $"{request}: connection closed {(head.HasBegun ? "before the end of the headers" : "without an answer")}"),
    };

    private static ProbeResult Judge(int status, string request) => new(
        status is >= 200 and < 300 ? ProbeOutcome.Healthy : ProbeOutcome.Unhealthy,
        string.Create(CultureInfo.InvariantCulture, $"{request} answered {status}"),
        status is NotFound ? "set the health endpoint with --health-path, or use --check tcp, which needs none" : null);
}
