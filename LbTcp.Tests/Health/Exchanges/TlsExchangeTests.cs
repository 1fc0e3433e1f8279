using System.Text;
using LbTcp.Backends;
using LbTcp.Health;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

public class TlsExchangeTests
{
    private readonly TlsExchange _exchange = Exchange("127.0.0.1:443");

    [Theory]
    [InlineData("127.0.0.1:443", null)]
    [InlineData("[::1]:443", null)]
    [InlineData("unix:/run/tls", null)]
    [InlineData("web1.example:443", "web1.example")]
    [InlineData("web1.example.:443", "web1.example")]
    public void Request_Backend_AsksForItsHostName(string backend, string? serverName)
    {
        byte[] request = Exchange(backend).Request.ToArray();
        Assert.Equal([22, 3, 1], request[..3]);
        Assert.Equal(request.Length - 5, (request[3] << 8) | request[4]);
        Assert.Equal(request.Length - 9, (request[7] << 8) | request[8]);
        int length = serverName?.Length ?? 0;
        byte[] extension = serverName is null
            ? []
            : [0, 0, 0, (byte)(length + 5), 0, (byte)(length + 3), 0, 0, (byte)length, .. Encoding.ASCII.GetBytes(serverName)];
        byte[] supportedGroups = [0, 10, 0, 10, 0, 8];
        Assert.NotEqual(-1, request.AsSpan().IndexOf([.. extension, .. supportedGroups]));
        Assert.Equal(serverName is not null, request.AsSpan().IndexOf("web1"u8) >= 0);
    }

    [Fact]
    public void Read_ServerHello_IsHealthyAndCancelsTheHandshake()
    {
        ExchangeStep step = _exchange.ReceiveSplit(22, 3, 3, 0, 80, 2);
        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, "tls: ServerHello received", IsAnswer: true), step.Result);
        Assert.Equal([21, 3, 3, 0, 2, 1, 90, 21, 3, 3, 0, 2, 1, 0], step.Message.ToArray());
        Assert.True(step.EndsInOrder);
    }

    [Theory]
    [InlineData(40, "handshake_failure", false)]
    [InlineData(70, "protocol_version", false)]
    [InlineData(80, "internal_error", false)]
    [InlineData(112, "unrecognized_name", true)]
    [InlineData(200, "200", false)]
    public void Read_Alert_IsHealthyIfOtherNamesAreServed(byte alert, string name, bool isHealthy)
    {
        ExchangeStep step = _exchange.ReceiveSplit(21, 3, 3, 0, 2, 2, alert);
        ProbeOutcome outcome = isHealthy ? ProbeOutcome.Healthy : ProbeOutcome.Unhealthy;
        Assert.Equal(new ProbeResult(outcome, $"tls: alert {name}", IsAnswer: true), step.Result);
        Assert.True(step.EndsInOrder);
        Assert.True(step.Message.IsEmpty);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("S")]
    [InlineData("\u0016\u0002")] // version
    [InlineData("\u0016\u0003\u0003\0\0\u0002")] // empty record
    [InlineData("\u0016\u0003\u0003\u0040\u0001\u0002")] // longer than 16 KiB
    [InlineData("\u0016\u0003\u0003\0\u0010\u0001")] // a ClientHello
    [InlineData("\u0015\u0003\u0003\0\u0003\u0002")] // an alert has two bytes
    public void Read_AnotherProtocol_IsUnhealthyAndBreaksOff(string answer)
    {
        ExchangeStep step = _exchange.Receive(Encoding.Latin1.GetBytes(answer));
        Assert.Equal(ProbeOutcome.Unhealthy, step.Result?.Outcome);
        Assert.StartsWith("tls: unexpected answer '", step.Result?.Detail, StringComparison.Ordinal);
        Assert.False(step.EndsInOrder);
    }

    [Fact]
    public void Closed_WithinTheHead_SaysSo()
    {
        _exchange.Receive(22, 3, 3);
        Assert.Equal("tls: connection closed before the end of the answer", _exchange.Closed().Detail);
    }

    private static TlsExchange Exchange(string backend) => new(new BackendPool([backend]).GetAllBackends()[0]);
}
