using System.Net;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>A dial that the test answers when it likes.</summary>
internal sealed class ScriptedDial
{
    private readonly TaskCompletionSource<ConnectionResult> _result = new();

    public ScriptedDial(EndPoint endPoint, CancellationToken cancellationToken)
    {
        (Connection, Peer) = InMemoryConnection.CreatePair(endPoint, side: ConnectionSide.Backend);
        cancellationToken.Register(() => _result.TrySetResult(ConnectionResult.Failed(SocketError.OperationAborted)));
        IsCancelled = () => cancellationToken.IsCancellationRequested;
    }

    /// <summary>The connection that an answer establishes: the handler's end.</summary>
    public InMemoryConnection Connection { get; }

    /// <summary>The backend's end of it.</summary>
    public InMemoryConnection Peer { get; }

    public Func<bool> IsCancelled { get; }

    /// <summary>Whether it was answered, refused or cancelled.</summary>
    public bool IsOver => _result.Task.IsCompleted;

    public ValueTask<ConnectionResult> Result => new(_result.Task);

    /// <summary>The backend answers.</summary>
    /// <returns>Whether the dial had not ended before.</returns>
    public bool Answer() => End(ConnectionResult.Of(Connection));

    /// <summary>The backend refuses.</summary>
    public bool Refuse() => End(ConnectionResult.Failed(SocketError.ConnectionRefused));

    private bool End(ConnectionResult result)
    {
        bool isEnded = false;
        _ = Inline.Run(() =>
        {
            isEnded = _result.TrySetResult(result);
            return Task.CompletedTask;
        });
        return isEnded;
    }
}
