using System.Net;
using LbTcp.Admin.Api;
using LbTcp.Admin.Metrics;
using LbTcp.Admin.Security;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LbTcp.Admin;

/// <summary>
/// The admin endpoint: Kestrel alone, without host, container and configuration of ASP.NET Core, so that nothing outside of
/// <see cref="AdminOptions"/> sets it up. Requests run on the thread pool, and what a client can take is limited.
/// </summary>
/// <param name="options">How it is set up.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="loggers">Creates its loggers.</param>
internal sealed partial class AdminServer(AdminOptions options, TimeProvider timeProvider, ILoggerFactory loggers) : IHostCompanion
{
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private OperatorListener? _listener;
    private KestrelServer? _kestrel;
    private PrometheusScrape? _metrics;
    private bool _isStopped;

    /// <summary>The address, with the port that the system chose for port 0; null before the start.</summary>
    public EndPoint? LocalEndPoint => _listener?.LocalEndPoint;

    /// <summary>The addresses that it listens on; none before the start.</summary>
    public IReadOnlyList<EndPoint> LocalEndPoints => LocalEndPoint is { } address ? [address] : [];

    /// <inheritdoc/>
    public async Task StartAsync(IHostView view, IHostControl control)
    {
        ILogger<AdminServer> logger = loggers.CreateLogger<AdminServer>();
        AdminToken? token = options.TokenFile is { } file ? AdminToken.Read(file, timeProvider, logger) : null;
        _listener = OperatorListener.Open(options.Address, timeProvider, loggers.CreateLogger<OperatorListener>());
        var sockets = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions { IOQueueCount = 1, MaxReadBufferSize = 64 * 1024, MaxWriteBufferSize = 64 * 1024 },
            NullLogger.Instance);
        _kestrel = new KestrelServer(
            Options.Create(KestrelOptions()), new AdminListener(_listener, sockets), new KestrelLog(logger, timeProvider));
        _metrics = new PrometheusScrape(view);
        var routes = new RouteTable(AdminRoutes.Create(view, control, _metrics, timeProvider, _stopping.Token));
        var application = new AdminApplication(routes, new AccessPolicy(token), timeProvider, logger);
        await _kestrel.StartAsync<HttpContext>(application, CancellationToken.None);
        Log.Listening(logger, LocalEndPoint!);
    }

    /// <summary>Ends the streams, gives other requests a second to finish, and closes the socket. Further calls change nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, true))
            return;
        await _stopping.CancelAsync();
        if (_kestrel is not null)
        {
            using var timeout = new CancellationTokenSource(_stopTimeout);
            await _kestrel.StopAsync(timeout.Token);
            _kestrel.Dispose();
        }

        _metrics?.Dispose();
        _listener?.Dispose();
        _stopping.Dispose();
    }

    private KestrelServerOptions KestrelOptions()
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestLineSize = 4 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 50;
        limits.MaxRequestBufferSize = 32 * 1024;
        limits.MaxRequestBodySize = 16 * 1024;
        limits.MaxResponseBufferSize = 64 * 1024;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.KeepAliveTimeout = options.KeepAliveTimeout;
        limits.MinResponseDataRate = new MinDataRate(options.SlowReaderRate, options.SlowReaderGrace);
        kestrel.Listen(LocalEndPoint!, listen => listen.Protocols = HttpProtocols.Http1);
        return kestrel;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.AdminListening, LogLevel.Information, "admin endpoint listens on {Address}")]
        public static partial void Listening(ILogger logger, EndPoint address);
    }
}
