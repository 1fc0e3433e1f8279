using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using LbTcp.Admin;
using LbTcp.Hosting.Operations;
using NSubstitute;

namespace LbTcp.Tests.Admin;

/// <summary>What clients may do to the endpoint: whatever it is, it is limited, and the others are answered.</summary>
public class HostileClientTests
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(1.5); // Kestrel looks at its limits once a second

    [Theory]
    [InlineData("")]
    [InlineData("GET /api/v1/process HTTP/1.1\r\nHost: localhost\r\nX: ")]
    public async Task Slowloris_HeadersThatDoNotEnd_AreDisconnected(string begin)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync(
            with: options => options with { HeadersTimeout = _soon, KeepAliveTimeout = _soon });
        string answer = await admin.SendRawAsync(begin);
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), answer);
        await AssertAnswersAsync(admin);
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")] // a ClientHello of TLS
    [InlineData("\0\u0001\u0002\u00ff\u00fe\r\n\r\n")]
    [InlineData("GET / HTTP/9.9\r\n\r\n")]
    [InlineData("GET http://\u0001/ HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task Garbage_Bytes_AreRefusedAndDisconnected(string bytes)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync(
            with: options => options with { HeadersTimeout = _soon, KeepAliveTimeout = _soon });
        string answer = await admin.SendRawAsync(bytes);
        Assert.DoesNotContain("HTTP/1.1 2", answer, StringComparison.Ordinal); // what begins like HTTP/2 gets a frame of HTTP/2
        await AssertAnswersAsync(admin);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX: ", "431")]
    [InlineData("GET /", "414")]
    public async Task Headers_OfAMebibyte_AreRefused(string begin, string status)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        string answer = await admin.SendRawAsync(begin + new string('x', 1024 * 1024) + "\r\n\r\n");
        Assert.True(answer.Length == 0 || answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), answer);
        await AssertAnswersAsync(admin);
    }

    [Fact]
    public async Task Body_OfAMebibyte_IsRefused()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        string answer = await admin.SendRawAsync(
            "POST /api/v1/reload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n{");
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_TenThousandOnOneConnection_AreAllAnswered()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        using Socket socket = await admin.ConnectAsync();
        using var stream = new NetworkStream(socket);
        byte[] request = Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        byte[] many = [.. Enumerable.Repeat(request, 100).SelectMany(bytes => bytes)];
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
                await stream.WriteAsync(many);
        });
        using var reader = new StreamReader(stream, Encoding.ASCII);
        int answers = 0;
        while (answers < 10_000)
            answers += await reader.ReadLineAsync().Done() == "HTTP/1.1 200 OK" ? 1 : 0;
        await sending.Done();
    }

    [Fact]
    public async Task Connections_TwoHundredIdle_AreLimitedAndMakeRoomAgain()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync(with: options => options with { KeepAliveTimeout = _soon });
        List<Socket> idle = [];
        try
        {
            for (int i = 0; i < 200; i++)
                idle.Add(await admin.ConnectAsync());
            Task<bool>[] ends = [.. idle.Select(IsEndedAsync)];
            await Until.TrueAsync(
                () => ends.Count(end => end.IsCompleted) >= 200 - OperatorListener.MaxConnections, "those above the limit are refused");
            await AssertAnswersAsync(admin); // once the idle ones are disconnected
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task List_ReaderThatStopsReading_IsNotProducedAheadAndIsDisconnected()
    {
        int produced = 0;
        var end = new TaskCompletionSource();
        await using AdminFixture admin = await AdminFixture.StartAsync(
            with: options => options with { SlowReaderGrace = _soon, SlowReaderRate = 1024 * 1024 });
        admin.View.ReadConnections(default!).ReturnsForAnyArgs(_ => Produce());
        using Socket socket = await admin.ConnectAsync();
        socket.ReceiveBufferSize = 4096;
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /api/v1/connections?limit=100000 HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        await end.Task.Done(); // the list is given up, though nobody has read or closed anything
        Assert.InRange(produced, 1, 50_000); // what the buffers of server and system hold
        Assert.DoesNotContain("\r\n0\r\n\r\n", await ReadToEndAsync(socket), StringComparison.Ordinal); // a part is no whole
        await AssertAnswersAsync(admin);

        IEnumerable<ConnectionStatus> Produce()
        {
            try
            {
                for (int id = 1; id <= 100_000; id++)
                {
                    produced = id;
                    yield return SampleStates.Connection(id);
                }
            }
            finally
            {
                end.SetResult();
            }
        }
    }

    [Fact]
    public async Task List_OfAHundredThousand_IsComplete()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.View.ReadConnections(default!).ReturnsForAnyArgs(Enumerable.Range(1, 100_000).Select(id => SampleStates.Connection(id)));
        (_, JsonNode body) = await admin.GetAsync("connections?limit=100000");
        Assert.Equal(100_000, body["items"]!.AsArray().Count);
        Assert.Null(body["next"]);
    }

    [Fact]
    public async Task Streams_AboveTheLimit_AreRefused()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        List<Stream> streams = [];
        for (int i = 0; i < AdminOptions.MaxStreams; i++)
            streams.Add(await admin.Client.GetStreamAsync("events/stream"));
        using HttpResponseMessage refused = await admin.Client.GetAsync("state/stream");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        streams.ForEach(stream => stream.Dispose());
        await AssertAnswersAsync(admin, "state/stream"); // once the server has seen the ends
    }

    // A request is refused while there are too many.
    private static Task AssertAnswersAsync(AdminFixture admin, string path = "process") => Until.TrueAsync(
        async () =>
        {
            try
            {
                using HttpResponseMessage answer = await admin.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
                return answer.StatusCode is HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        () => $"an answer of {path}");

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer).Done() is > 0 and int count)
                _ = text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
            // reset
        }

        return text.ToString();
    }

    private static async Task<bool> IsEndedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
