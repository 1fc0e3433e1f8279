using LbTcp.Diagnostics;

namespace LbTcp.Tests.Diagnostics;

public sealed class ConnectionEndReasonsTests
{
    [Fact]
    public void IsFailure_AnyReason_IsDecided() =>
        Assert.All(Enum.GetValues<ConnectionEndReason>(), reason => Assert.Null(Record.Exception(() => reason.IsFailure())));

    [Theory]
    [InlineData(ConnectionEndReason.Completed, false)]
    [InlineData(ConnectionEndReason.ClientReset, false)]
    [InlineData(ConnectionEndReason.Rebalanced, false)]
    [InlineData(ConnectionEndReason.BackendReset, true)]
    [InlineData(ConnectionEndReason.NoBackendAvailable, true)]
    internal void IsFailure_Reason_TellsWhetherTheClientGotLess(ConnectionEndReason reason, bool expected) =>
        Assert.Equal(expected, reason.IsFailure());
}
