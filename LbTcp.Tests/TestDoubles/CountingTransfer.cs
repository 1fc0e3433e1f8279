using LbTcp.Connections;

namespace LbTcp.Tests.TestDoubles;

/// <summary>A transfer that has moved as many bytes as the test says.</summary>
internal sealed class CountingTransfer() : Transfer(race: null)
{
    public void Receive(long bytes) => CountReceived(bytes);

    public void Send(long bytes) => CountSent(bytes);
}
