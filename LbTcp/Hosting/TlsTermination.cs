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
    private Task _stapling = Task.CompletedTask;

    /// <summary>Counts the handshakes of the service.</summary>
    public TlsHandshakes Handshakes { get; } = new();

    /// <summary>Returns the stage for <paramref name="options"/>; null without certificates. One call at a time.</summary>
    public TlsStage? StageFor(TlsOptions options)
    {
        if (_options == options)
            return _stage;
        _options = options;
        _stage = options.Certificates is null ? null : new TlsStage(options, Handshakes, logger);
        if (_stage is not null)
            _stapling = Task.WhenAll(_stapling, _stage.StapleAsync());
        return _stage;
    }

    /// <summary>
    /// Completes when nothing that was begun in the background runs any more; the framework limits how long that may take. There must be
    /// no more calls of <see cref="StageFor"/>.
    /// </summary>
    public Task FinishAsync() => _stapling;
}
