using LbTcp.Configuration;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// Makes the stage of a service that terminates TLS, and keeps it, with the sessions of its clients, while its settings stay.
/// </summary>
/// <param name="logger">The logger of the stage.</param>
internal sealed class TlsTermination(ILogger<TlsStage> logger)
{
    private TlsOptions? _options;
    private TlsStage? _stage;

    /// <summary>Counts the handshakes of the service.</summary>
    public TlsHandshakes Handshakes { get; } = new();

    /// <summary>Returns the stage for <paramref name="options"/>; null without certificates. One call at a time.</summary>
    public TlsStage? StageFor(TlsOptions options)
    {
        if (_options == options)
            return _stage;
        _options = options;
        _stage = options.Certificates is null ? null : new TlsStage(options, Handshakes, logger);
        _ = _stage?.StapleAsync(); // never awaited, and not at the stop: it may wait 15 seconds for servers that are silent
        return _stage;
    }
}
