namespace LbTcp.Connections.Linux;

/// <summary>Makes a plain <c>await</c> on a reactor's thread continue there, wherever the awaited operation completes.</summary>
internal sealed class ReactorContext(Reactor reactor) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => reactor.Post(d, state);

    /// <summary>Not supported: no thread may wait for a reactor.</summary>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    public override SynchronizationContext CreateCopy() => this;
}
