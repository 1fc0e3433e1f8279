using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

/// <summary>Runs an action when a socket is ready.</summary>
internal sealed class ActionWaiter(Action action) : IReadinessWaiter
{
    public void OnReady() => action();
}
