using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Linux;

public sealed class EpollPipeReaderTests
{
    [SkippableFact]
    public async Task CopyToAsync_ThereAreBytesThatWereLookedAtOnly_HandsThemOverFirst()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
        _ = await sender.SendAsync("looked at"u8.ToArray());
        await fixture.RunAsync(async () =>
        {
            ReadResult result = await source.Input.ReadAsync();
            source.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            _ = source.Input.CopyToAsync(destination.Output);
        });

        _ = await sender.SendAsync(", and more"u8.ToArray());

        Assert.Equal("looked at, and more"u8.ToArray(), await receiver.ReceiveExactlyAsync(19));
    }

    [SkippableFact]
    public async Task CopyToAsync_TheDestinationHoldsUnflushedBytes_SendsThemFirst()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
        await fixture.RunAsync(() =>
        {
            "header, "u8.CopyTo(destination.Output.GetSpan(8));
            destination.Output.Advance(8);
            _ = source.Input.CopyToAsync(destination.Output);
        });

        _ = await sender.SendAsync("body"u8.ToArray());

        Assert.Equal("header, body"u8.ToArray(), await receiver.ReceiveExactlyAsync(12));
    }
}
