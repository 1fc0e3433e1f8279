using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

internal static class ReactorTurns
{
    /// <summary>Completes in the reactor's next turn, on its thread. To be called there.</summary>
    public static Task NextTurnAsync(this Reactor reactor)
    {
        var turn = new TaskCompletionSource();
        reactor.PostNextTurn(_ => turn.SetResult(), null);
        return turn.Task;
    }
}
