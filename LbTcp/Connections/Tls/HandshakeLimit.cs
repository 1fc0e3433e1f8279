using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Connections.Tls;

/// <summary>
/// Limits the TLS handshakes that compute at a time. A handshake that waits for its peer holds no place, so that slow peers do not keep
/// the others waiting.
/// </summary>
/// <param name="places">The maximum number of handshakes.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing but memory.")]
internal sealed class HandshakeLimit(int places)
{
    private readonly SemaphoreSlim _free = new(places);

    /// <summary>The number of places unless one is configured: enough to keep every processor busy.</summary>
    public static int DefaultPlaces => 4 * Environment.ProcessorCount;

    /// <summary>The number of handshakes that compute now.</summary>
    public int Taken => places - _free.CurrentCount;

    /// <summary>Waits for a place, in the order of the calls.</summary>
    public Task EnterAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    /// <summary>Gives a place back.</summary>
    public void Leave() => _ = _free.Release();
}
