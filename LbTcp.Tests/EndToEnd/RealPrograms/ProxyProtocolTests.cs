using System.Net;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>PROXY protocol headers to and from HAProxy and nginx: each sees the addresses that the client sees.</summary>
public sealed class ProxyProtocolTests : RealProgramScenario
{
    private const string Request = "GET / HTTP/1.0\r\n\r\n";

    private readonly UnixBackend _files;

    public ProxyProtocolTests() => _files = Own(new UnixBackend());

    private string Socket => _files.PathOf("lb.sock");

    public static TheoryData<string, string, string> Receivers()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (string program in new[] { "haproxy", "nginx" })
        {
            foreach (string version in new[] { "v1", "v2" })
            {
                foreach (string address in new[] { "127.0.0.1", "::1" })
                    rows.Add(program, version, address);
            }
        }

        return rows;
    }

    public static TheoryData<string, string, string> Senders()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (string options in new[] { "send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c,unique-id" })
        {
            rows.Add("haproxy", options, "127.0.0.1");
            rows.Add("haproxy", options, "::1");
        }

        rows.Add("nginx", "", "127.0.0.1");
        rows.Add("nginx", "", "::1");
        return rows;
    }

    [SkippableTheory, MemberData(nameof(Receivers))]
    public async Task SendProxy_ToAProgramThatRequiresIt_ShowsTheClientAndWhereItConnected(string program, string version, string address)
    {
        RealProgram.Require(program);
        RealServer server = await StartReceiverAsync(program);
        string listen = $"{new IPEndPoint(IPAddress.Parse(address), 0)}";
        LbTcpProcess lbtcp = await StartAsync(
            [server.EndPoint], "--listen", listen, "--send-proxy", version, "--proxy-unique-id", "on");

        using TestConnection client = await TestConnection.ConnectAsync(lbtcp.EndPoint);
        string answer = await AskAsync(client);

        Assert.EndsWith(
            $"\r\n{Plain(client.LocalEndPoint)} {Plain(lbtcp.EndPoint)}", answer, StringComparison.Ordinal);
        Assert.Equal(Request.Length, (await lbtcp.EndRecordAsync()).Number("sent"));
    }

    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task SendProxy_ClientOfAUnixSocket_IsAConnectionOfTheBalancer(string transport)
    {
        RealProgram.Require("haproxy");
        foreach (string version in new[] { "v1", "v2" })
        {
            RealServer server = await StartReceiverAsync("haproxy");
            string path = $"{Socket}.{version}";
            LbTcpProcess lbtcp = await StartAsync(
                [server.EndPoint], "--transport", transport, "--listen", $"unix:{path}", "--send-proxy", version);

            using TestConnection client = await TestConnection.ConnectAsync(new UnixEndPoint(path));
            string answer = await AskAsync(client);

            Assert.EndsWith($"\r\n{(await lbtcp.EndRecordAsync())["local"]} {server.EndPoint}", answer, StringComparison.Ordinal);
        }
    }

    [SkippableTheory, MemberData(nameof(Senders))]
    public async Task AcceptProxy_FromAProgramThatSendsIt_GoesByTheAddressOfItsClient(string program, string options, string address)
    {
        RealProgram.Require(program);
        LbTcpProcess lbtcp = await StartAsync(Backend(Behaviours.EchoAsync), "--accept-proxy", "127.0.0.1");
        RealServer proxy = await StartSenderAsync(program, $"{lbtcp.EndPoint}", options, IPAddress.Parse(address));

        JsonLogRecord record = await EchoAsync(proxy.EndPoint, lbtcp);

        Assert.StartsWith("127.0.0.1:", record["via"], StringComparison.Ordinal);
        Assert.Equal("completed", record["reason"]);
    }

    [SkippableTheory]
    [InlineData("send-proxy")]
    [InlineData("send-proxy-v2")]
    public async Task AcceptProxy_OverAUnixSocket_GoesByTheAddressOfTheClient(string options)
    {
        RealProgram.Require("haproxy");
        LbTcpProcess lbtcp = await StartAsync(
            Backend(Behaviours.EchoAsync), "--listen", $"unix:{Socket}", "--accept-proxy", "unix");
        RealServer proxy = await StartSenderAsync("haproxy", $"unix@{Socket}", options);

        JsonLogRecord record = await EchoAsync(proxy.EndPoint, lbtcp);

        Assert.StartsWith("unix:", record["via"], StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("send-proxy")] // UNKNOWN
    [InlineData("send-proxy-v2")] // LOCAL
    public async Task AcceptProxy_ClientOfTheProxyHasNoAddress_GoesByThePeer(string options)
    {
        RealProgram.Require("haproxy");
        LbTcpProcess lbtcp = await StartAsync(Backend(Behaviours.EchoAsync), "--accept-proxy", "127.0.0.1");
        string path = _files.PathOf("haproxy.sock");
        _ = await StartedAsync(Own(ProxyPrograms.HAProxySender($"{lbtcp.EndPoint}", options, unixListen: path)));

        using TestConnection client = await TestConnection.ConnectAsync(new UnixEndPoint(path));
        await client.SendAsync("ping");
        Assert.Equal("ping", await client.ReceiveTextAsync(4));
        client.FinishSending();
        _ = await client.ReceiveToEndAsync();

        JsonLogRecord record = await RecordAsync(lbtcp, record => record["sent"] == "4");
        Assert.StartsWith("127.0.0.1:", record["client"], StringComparison.Ordinal);
        Assert.Null(record["via"]);
    }

    [SkippableTheory]
    [InlineData("haproxy", "v1")]
    [InlineData("haproxy", "v2")]
    [InlineData("nginx", "v1")]
    [InlineData("nginx", "v2")]
    public async Task Check_OfAProgramThatRequiresAHeader_FindsItHealthy(string program, string version)
    {
        RealProgram.Require(program);
        RealServer server = Own(program == "haproxy" ? ProxyPrograms.HAProxyReceiver() : ProxyPrograms.NginxReceiver());
        LbTcpProcess lbtcp = await StartAsync(
            [], "--check", "auto", "--check-interval", "80ms", "--send-proxy", version, "--backends", $"http://{server.EndPoint}");
        _ = await lbtcp.RecordAsync(EventIds.BackendDown);

        await server.StartAsync();

        Assert.Equal("GET /health answered 200", (await lbtcp.RecordAsync(EventIds.BackendUp))["reason"]);
    }

    private static async Task<string> AskAsync(TestConnection client)
    {
        await client.SendAsync(Request);
        return await client.ReceiveTextToEndAsync();
    }

    private static async Task<JsonLogRecord> EchoAsync(IPEndPoint proxy, LbTcpProcess lbtcp)
    {
        using TestConnection client = await TestConnection.ConnectAsync(proxy);
        await client.SendAsync("ping");
        Assert.Equal("ping", await client.ReceiveTextAsync(4));
        client.FinishSending();
        _ = await client.ReceiveToEndAsync();
        return await RecordAsync(lbtcp, record => record["client"] == $"{client.LocalEndPoint}");
    }

    // The test that asks whether the proxy is up is a client as well.
    private static async Task<JsonLogRecord> RecordAsync(LbTcpProcess lbtcp, Func<JsonLogRecord, bool> condition)
    {
        await Until.TrueAsync(
            () => lbtcp.Records(EventIds.ConnectionClosed).Any(condition),
            () => $"the end record of the client; there are\n{string.Join('\n', lbtcp.Records(EventIds.ConnectionClosed))}");
        return lbtcp.Records(EventIds.ConnectionClosed).Single(condition);
    }

    private static string Plain(IPEndPoint endPoint) => $"{endPoint.Address}:{endPoint.Port}";

    private Task<RealServer> StartReceiverAsync(string program) =>
        StartedAsync(Own(program == "haproxy" ? ProxyPrograms.HAProxyReceiver() : ProxyPrograms.NginxReceiver()));

    private Task<RealServer> StartSenderAsync(string program, string server, string options, IPAddress? address = null) =>
        StartedAsync(Own(
            program == "haproxy" ? ProxyPrograms.HAProxySender(server, options, address) : ProxyPrograms.NginxSender(server, address)));

    private static async Task<RealServer> StartedAsync(RealServer server)
    {
        await server.StartAsync();
        return server;
    }
}
