using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

public sealed class ConnectionRelayTests
{
    // The client already has the backend's FIN: only a reset tells it that the rest of its upload was lost.
    [Fact]
    public async Task RunAsync_BackendFinishesAndThenResetsTheUpload_ClientIsReset()
    {
        var fixture = new HandlerFixture();
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();
        await backend.Output.CompleteAsync();
        Assert.True((await client.Input.ReadAsync()).IsCompleted);

        backend.Abort();
        await client.Output.CompleteAsync(); // all was read: the close alone would reset nothing
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal(ConnectionEndReason.BackendReset, fixture.Record.Reason);
    }
}
