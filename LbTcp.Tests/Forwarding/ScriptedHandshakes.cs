using LbTcp.Configuration;
using LbTcp.Connections.Tls;
using LbTcp.Forwarding;

namespace LbTcp.Tests.Forwarding;

/// <summary>TLS handshakes with backends that end when the test says.</summary>
internal sealed class ScriptedHandshakes : IBackendTls
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource<string?> _result = new();

    /// <summary>Whether the end of the token ends a handshake; otherwise it comes too late.</summary>
    public bool IsCancellable { get; init; } = true;

    /// <summary>The number of handshakes so far.</summary>
    public int Count { get; private set; }

    /// <summary>The stages of a service whose backends get nothing else first.</summary>
    public ConnectionStages Stages => new(OutboundPreface: new OutboundPreface(new PrefaceOptions(), ids: null, this, Limit));

    /// <summary>Ends all handshakes: they succeed, or have a problem.</summary>
    public void End(string? problem = null) => _result.SetResult(problem);

    /// <summary>All handshakes fail.</summary>
    public void Fail(Exception exception) => _result.SetException(exception);

    public async Task<string?> AuthenticateAsync(
        TlsConnection connection, BackendOptions backend, string? protocol, CancellationToken cancellationToken)
    {
        Count++;
        if (!IsCancellable)
            return await _result.Task;
        var fired = new TaskCompletionSource<string?>();
        await using CancellationTokenRegistration registration =
            cancellationToken.Register(() => fired.TrySetCanceled(cancellationToken));
        return await await Task.WhenAny(_result.Task, fired.Task);
    }
}
