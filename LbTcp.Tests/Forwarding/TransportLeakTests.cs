using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>Counts the process's descriptors, so nothing else may run meanwhile.</summary>
[Collection(nameof(TransportLeakTests))]
[CollectionDefinition(nameof(TransportLeakTests), DisableParallelization = true)]
public sealed class TransportLeakTests
{
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_TenThousandQuickConnections_LeaveNothingBehind(string transport)
    {
        await ServeAsync(transport, visits: 4); // what the framework makes once stays
        int before = Descriptors();

        await ServeAsync(transport, visits: 10_000);

        await Until.TrueAsync(() => Descriptors() <= before, $"the descriptors are back at {before}");
    }

    private static async Task ServeAsync(string transport, int visits)
    {
        await using var service = new TransportService(transport, limit: 100);
        using var stopping = new CancellationTokenSource();
        Task backends = AnswerAsync(service, stopping.Token);
        int left = visits;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) is >= 0 and int number)
                await VisitAsync(service, number);
        })));

        await Until.TrueAsync(() => service.Records.Count == visits && service.Connections.Count == 0, "all have ended");
        await stopping.CancelAsync();
        await backends;
        Assert.Equal(0, service.Counted);
        Assert.DoesNotContain(service.Records, record => record.Reason is ConnectionEndReason.InternalError);
    }

    // The runtime opens assemblies when it first needs them, and keeps them open: they do not count.
    private static int Descriptors() =>
        Directory.GetFileSystemEntries("/proc/self/fd").Count(entry => !File.Exists(new FileInfo(entry).LinkTarget));

    // An exchange, a client that says nothing, one that resets at once, one that is reset by the backend.
    private static async Task VisitAsync(TransportService service, int number)
    {
        using Socket client = await service.ConnectClientAsync();
        switch (number % 4)
        {
            case 0:
                _ = await client.SendAsync(new byte[] { 1 });
                _ = await client.ReceiveExactlyAsync(1);
                break;
            case 1:
                break;
            case 2:
                client.Reset();
                break;
            default:
                _ = await client.SendAsync(new byte[] { 2 });
                Assert.NotEqual(SocketError.Success, (await client.ReceiveToEndAsync().Done()).End);
                break;
        }
    }

    private static async Task AnswerAsync(TransportService service, CancellationToken stopping)
    {
        var answers = new List<Task>();
        while (await AcceptAsync(service, stopping) is { } backend)
            answers.Add(AnswerAsync(backend));
        await Task.WhenAll(answers);
    }

    private static async Task<Socket?> AcceptAsync(TransportService service, CancellationToken stopping)
    {
        try
        {
            return await service.AcceptAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task AnswerAsync(Socket backend)
    {
        using (backend)
        {
            try
            {
                byte[] request = new byte[1];
                if (await backend.ReceiveAsync(request) == 1 && request[0] == 2)
                    backend.Reset();
                else
                    _ = await backend.SendAsync(request);
            }
            catch (SocketException)
            {
                // The client was in a hurry.
            }
        }
    }
}
