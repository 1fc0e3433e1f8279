using System.Buffers;
using System.Globalization;
using System.Text;
using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Health.Exchanges;

/// <summary>
/// An HTTP GET of the health path: a 2xx status is healthy. Redirects are not followed and cookies are not kept. Only the status of the
/// answer counts: the body is not read, and headers beyond a size limit are a failure.
/// </summary>
/// <param name="backend">The backend.</param>
/// <param name="path">The path.</param>
/// <param name="isHttps">Whether it runs over TLS, whose default port is another one.</param>
internal sealed class HttpExchange(Backend backend, string path, bool isHttps = false) : ProbeExchange
{
    private const int HttpPort = 80;
    private const int HttpsPort = 443;
    private const int NotFound = 404;

    private readonly HttpHead _head = new();

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Request => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {HostOf(backend.Options, isHttps ? HttpsPort : HttpPort)}\r\n"
        + "Connection: close\r\nUser-Agent: lbtcp\r\n\r\n");

    /// <inheritdoc/>
    protected override bool HasBegun => _head.HasBegun;

    /// <inheritdoc/>
    protected override string Goal => "the end of the headers";

    /// <inheritdoc/>
    public override ExchangeStep Read(ref ReadOnlySequence<byte> received)
    {
        HttpHeadState state = _head.Read(received, out SequencePosition consumed);
        received = received.Slice(consumed);
        return state switch
        {
            HttpHeadState.Incomplete => ExchangeStep.NeedsMore,
            HttpHeadState.Complete => ExchangeStep.End(Judge(_head.Status)),
            HttpHeadState.Invalid => BreakOff(Describe("the answer is not HTTP")),
            _ => BreakOff($"GET {path} answered with more than {HttpHead.MaxKiB} KiB of headers"),
        };
    }

    /// <inheritdoc/>
    public override string Describe(string failure) => $"GET {path}: {failure}";

    // The zone of an IPv6 address is meaningful on this machine only (RFC 6874); the default port is left out (RFC 9110, section 4.2.3).
    private static string HostOf(BackendOptions options, int defaultPort)
    {
        if (options.Address.EndPoint is UnixEndPoint)
            return "localhost";
        string name = options.Resolved?.HostName ?? options.Address.HostName.Split('%')[0];
        string host = Hosts.Format(name, options.CheckPort ?? options.Address.Port);
        string suffix = $":{defaultPort}";
        return host.EndsWith(suffix, StringComparison.Ordinal) ? host[..^suffix.Length] : host;
    }

    private static ExchangeStep BreakOff(string detail) =>
        ExchangeStep.BreakOff(new ProbeResult(ProbeOutcome.Unhealthy, detail, IsAnswer: true));

    private ProbeResult Judge(int status) => new(
        status is >= 200 and < 300 ? ProbeOutcome.Healthy : ProbeOutcome.Unhealthy,
        string.Create(CultureInfo.InvariantCulture, $"GET {path} answered {status}"),
        status is NotFound ? "set the health endpoint with --health-path, or use --check tcp, which needs none" : null,
        IsAnswer: true);
}
