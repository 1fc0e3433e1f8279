using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>
/// Checks a backend by an HTTP GET of the health path: a 2xx status is healthy. Redirects are not followed, cookies are not kept, and
/// proxies are not used. Only the status of the answer counts: the body is not read, and headers beyond a size limit are a failure.
/// </summary>
internal sealed class HttpProbe(HostConnector connector, HealthCheckOptions options, TimeProvider timeProvider) : IHealthProbe
{
    private const int LargestHeadersInKiB = 64;

    private readonly ProbeConnector _connector = new(connector, timeProvider);

    public async Task<ProbeResult> ProbeAsync(Backend backend, CancellationToken cancellationToken)
    {
        string path = options.PathFor(backend.Options);
        string request = $"GET {path}";
        using var deadline = new ProbeDeadline(options.Timeout, timeProvider, cancellationToken);
        ConnectionResult result = await _connector.ConnectAsync(backend, deadline);
        if (result.Connection is null)
            return ProbeFailure.Of(result.Error, options.Timeout);
        await using IConnection connection = result.Connection;
        try
        {
            HttpStatusCode status = await GetStatusAsync(UrlOf(backend, path), connection, deadline.Token);
            await _connector.HangUpAsync(connection, cancellationToken);
            return Judge(status, request);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            return ProbeFailure.Of(SocketError.TimedOut, options.Timeout, request);
        }
        catch (HttpRequestException exception)
        {
            return Judge(exception, request);
        }
    }

    // Each probe has a handler of its own: no connection is pooled, and an answer can only come from the connection that was dialled for
    // it.
    private static async Task<HttpStatusCode> GetStatusAsync(string url, IConnection connection, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new ConnectionStream(connection)),
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxResponseHeadersLength = LargestHeadersInKiB,
            MaxResponseDrainSize = 0,
            ActivityHeadersPropagator = null,
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.ParseAdd("lbtcp");
        client.Timeout = Timeout.InfiniteTimeSpan; // the token carries the time limit
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }

    // The zone of an IPv6 address is meaningful on this machine only (RFC 6874).
    private static string UrlOf(Backend backend, string path) =>
        $"http://{Hosts.Format(backend.Address.HostName.Split('%')[0], backend.Options.CheckPort ?? backend.Address.Port)}{path}";

    private static ProbeResult Judge(HttpStatusCode status, string request) => new(
        (int)status is >= 200 and < 300 ? ProbeOutcome.Healthy : ProbeOutcome.Unhealthy,
        string.Create(CultureInfo.InvariantCulture, $"{request} answered {(int)status}"),
        status is HttpStatusCode.NotFound ? "set the health endpoint with --health-path, or use --check tcp, which needs none" : null);

    private ProbeResult Judge(HttpRequestException exception, string request)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is ConnectionException failure)
                return ProbeFailure.Of(failure.Error, options.Timeout, request);
        }

        return new ProbeResult(ProbeOutcome.Unhealthy, request + exception.HttpRequestError switch
        {
            HttpRequestError.ResponseEnded => ": connection closed without an answer",
            HttpRequestError.InvalidResponse => ": the answer is not HTTP",
            HttpRequestError.ConfigurationLimitExceeded => $" answered with more than {LargestHeadersInKiB} KiB of headers",
            _ => $": {exception.Message}",
        });
    }
}
