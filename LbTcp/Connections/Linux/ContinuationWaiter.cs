namespace LbTcp.Connections.Linux;

/// <summary>Waits on behalf of an asynchronous method.</summary>
internal sealed class ContinuationWaiter(Action continuation) : IReadinessWaiter
{
    public void OnReady() => continuation();
}
