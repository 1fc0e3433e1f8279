using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public sealed class DnsResolverTests
{
    private static readonly ResolverSettings _patient = new() { Attempts = 1, Timeout = Until.Patience };

    [Fact]
    public async Task QueryAsync_Answer_HasItsAddressesAndTimeToLive()
    {
        await using var server = new DatagramNameServer(0, query => [ScriptedMessages.Answer(query, "10.0.0.1", "10.0.0.2")]);

        DnsAnswer answer = await QueryAsync(server.EndPoint, _patient);

        Assert.Equal((DnsOutcome.Found, TimeSpan.FromMinutes(1)), (answer.Outcome, answer.TimeToLive));
        Assert.Equal("10.0.0.1 10.0.0.2", string.Join(' ', answer.Addresses));
    }

    [Fact]
    public async Task QueryAsync_AnswerToAnotherQueryComesFirst_IsSkipped()
    {
        int queries = 0;
        await using var server = new DatagramNameServer(0, query =>
        {
            byte[] answer = ScriptedMessages.Answer(query, "10.0.0.1");
            return [++queries == 1 ? ScriptedMessages.ToAnother(answer) : answer];
        });

        Assert.Equal("10.0.0.1", string.Join(' ', (await QueryAsync(server.EndPoint, _patient)).Addresses));
    }

    [Fact]
    public async Task QueryAsync_OnlyAnswersToOtherQueries_FailsAndSaysSo()
    {
        await using var server = new DatagramNameServer(
            0, query => [ScriptedMessages.ToAnother(ScriptedMessages.Answer(query, "10.0.0.1"))]);

        DnsAnswer answer = await QueryAsync(server.EndPoint, _patient);

        Assert.Equal(($"answers to other queries from {server.EndPoint}", false), (answer.Failure, answer.IsSilence));
    }

    [Fact]
    public async Task QueryAsync_ServerFails_IsNoSilence()
    {
        await using var server = new DatagramNameServer(0, query => [ScriptedMessages.Failure(query, code: 2)]);

        DnsAnswer answer = await QueryAsync(server.EndPoint, _patient);

        Assert.Equal(($"SERVFAIL from {server.EndPoint}", false), (answer.Failure, answer.IsSilence));
    }

    [Fact]
    public async Task QueryAsync_ServerDoesNotAnswer_IsSilence()
    {
        await using var server = new DatagramNameServer(0, query => []);

        DnsAnswer answer = await QueryAsync(server.EndPoint, _patient with { Timeout = TimeSpan.FromMilliseconds(100) });

        Assert.Equal(($"no answer from {server.EndPoint}", true), (answer.Failure, answer.IsSilence));
    }

    [Fact]
    public async Task QueryAsync_Truncated_IsAskedByTcp()
    {
        using TcpListener listener = RawSockets.Listen();
        await using var server = new DatagramNameServer(listener.EndPoint().Port, query => [ScriptedMessages.Truncated(query)]);

        Task<DnsAnswer> asked = QueryAsync(server.EndPoint, _patient);
        using Socket connection = await listener.AcceptSocketAsync().Done();
        byte[] query = await ReceiveAsync(connection);
        byte[] answer = ScriptedMessages.Answer(query, "10.0.0.1");
        _ = await connection.SendAsync((byte[])[0, (byte)answer.Length, .. answer]);

        Assert.Equal("10.0.0.1", string.Join(' ', (await asked.Done()).Addresses));
    }

    [Fact]
    public async Task QueryAsync_TruncatedAndTcpIsDropped_LeavesNoSocket()
    {
        using var hole = new BlackHole();
        await using var server = new DatagramNameServer(hole.EndPoint.Port, query => [ScriptedMessages.Truncated(query)]);
        var settings = _patient with { Timeout = TimeSpan.FromSeconds(1) };

        Task<DnsAnswer> asked = QueryAsync(server.EndPoint, settings);
        await Until.TrueAsync(() => hole.Dials == 1 || asked.IsCompleted, "it is dialled");
        DnsAnswer answer = await asked.Done();

        Assert.Equal(($"no answer from {server.EndPoint}", true), (answer.Failure, answer.IsSilence));
        Assert.Equal(0, hole.Dials);
    }

    private static Task<DnsAnswer> QueryAsync(IPEndPoint server, ResolverSettings settings) =>
        new DnsResolver([server], () => settings, TimeProvider.System).QueryAsync("web1.lan", DnsRecordKind.A, default).Done();

    private static async Task<byte[]> ReceiveAsync(Socket connection)
    {
        using var stream = new NetworkStream(connection, ownsSocket: false);
        byte[] length = new byte[2];
        await stream.ReadExactlyAsync(length).AsTask().Done();
        byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(query).AsTask().Done();
        return query;
    }
}
