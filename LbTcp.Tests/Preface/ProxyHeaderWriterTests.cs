using System.Buffers;
using System.Net;
using System.Text;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Preface;

namespace LbTcp.Tests.Preface;

public sealed class ProxyHeaderWriterTests
{
    private static readonly IPEndPoint _source = IPEndPoint.Parse("192.0.2.7:4711");
    private static readonly IPEndPoint _destination = IPEndPoint.Parse("192.0.2.8:443");

    [Theory]
    [InlineData("192.0.2.7:4711", "192.0.2.8:443", "PROXY TCP4 192.0.2.7 192.0.2.8 4711 443\r\n")]
    [InlineData("255.255.255.255:65535", "0.0.0.0:0", "PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n")]
    [InlineData("[2001:db8::7]:4711", "[::1]:443", "PROXY TCP6 2001:db8::7 ::1 4711 443\r\n")]
    [InlineData("192.0.2.7:4711", "[::1]:443", "PROXY TCP6 ::ffff:192.0.2.7 ::1 4711 443\r\n")]
    [InlineData("[::1]:4711", "192.0.2.8:443", "PROXY TCP6 ::1 ::ffff:192.0.2.8 4711 443\r\n")]
    [InlineData("[fe80::1%1]:4711", "[fe80::2%1]:443", "PROXY TCP6 fe80::1 fe80::2 4711 443\r\n")]
    [InlineData(
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n")]
    public void Write_Version1_IsOneLine(string source, string destination, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(Written(SendProxy.V1, IPEndPoint.Parse(source), IPEndPoint.Parse(destination))));

    [Fact]
    public void Write_Version2_HasTheAddressesAndNothingElse()
    {
        Assert.Equal(ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.Addresses4), Written(SendProxy.V2, _source, _destination));
        byte[] mixed = Written(SendProxy.V2, IPEndPoint.Parse("[2001:db8::7]:4711"), _destination);
        byte[] addresses =
        [
            .. IPAddress.Parse("2001:db8::7").GetAddressBytes(), .. IPAddress.Parse("::ffff:192.0.2.8").GetAddressBytes(),
            0x12, 0x67, 0x01, 0xBB,
        ];
        Assert.Equal(ProxyHeaders.V2(0x21, 0x21, addresses), mixed);
        Assert.Equal((36, 52), (addresses.Length, mixed.Length));
    }

    [Fact]
    public void Write_AddressesAreNotKnown_SaysSo()
    {
        Assert.Equal("PROXY UNKNOWN\r\n", Encoding.ASCII.GetString(Written(SendProxy.V1, new UnixPeer(1), new UnixEndPoint("/run/a"))));
        Assert.Equal(ProxyHeaders.V2(0x20, 0x00), Written(SendProxy.V2, new UnixPeer(1), new UnixEndPoint("/run/a")));
        Assert.Equal(ProxyHeaders.V2(0x20, 0x00), Written(SendProxy.V2, _source, null));
        Assert.Empty(Written(SendProxy.Off, _source, _destination));
    }

    [Fact]
    public void Write_Additions_AreThoseOfHAProxy()
    {
        var tls = new TlsFacts("TLSv1.3", "h2", ClientVerified: true, "client");

        byte[] header = Written(SendProxy.V2, _source, _destination, new ProxyAdditions("5f-1", "example.com", tls));

        byte[] expected =
        [
            .. ProxyHeaders.Addresses4,
            .. ProxyHeaders.Tlv(0x01, "h2"u8.ToArray()),
            .. ProxyHeaders.Tlv(0x02, "example.com"u8.ToArray()),
            .. ProxyHeaders.Tlv(0x05, "5f-1"u8.ToArray()),
            .. ProxyHeaders.Tlv(
                0x20,
                [
                    0x07, 0, 0, 0, 0,
                    .. ProxyHeaders.Tlv(0x21, "TLSv1.3"u8.ToArray()), .. ProxyHeaders.Tlv(0x22, "client"u8.ToArray()),
                ]),
        ];
        Assert.Equal(ProxyHeaders.V2(0x21, 0x11, expected), header);
        Assert.Equal(_source, ProxyHeaderParser.Read(header).Header.Source);
    }

    [Theory]
    [InlineData(null, 0x01, 1)]
    [InlineData(false, 0x07, 1)]
    [InlineData(true, 0x07, 0)]
    public void Write_Tls_TellsWhetherTheClientWasVerified(bool? isVerified, byte client, byte verify)
    {
        var additions = new ProxyAdditions(null, null, new TlsFacts("TLSv1.2", null, isVerified));

        byte[] header = Written(SendProxy.V2, _source, _destination, additions);

        Assert.Equal([0x20, 0, 15, client, 0, 0, 0, verify, 0x21, 0, 7], header[28..39]);
    }

    [Fact]
    public void Write_TextThatIsTooLong_IsLeftOut()
    {
        var tls = new TlsFacts("TLSv1.3", ClientVerified: true, ClientCommonName: new string('ä', 200));
        var additions = new ProxyAdditions(null, null, tls);

        byte[] header = Written(SendProxy.V2, _source, _destination, additions);

        Assert.Equal(28 + 3 + 5 + 3 + 7, header.Length);
        Assert.Equal(ProxyHeaderStatus.Complete, ProxyHeaderParser.Read(header).Status);
    }

    [Theory]
    [InlineData("192.0.2.1:80 send_proxy=v1", "PROXY UNKNOWN\r\n")]
    [InlineData("192.0.2.1:80 send_proxy=v2", "\r\n\r\n\0\r\nQUIT\n \0\0\0")]
    [InlineData("192.0.2.1:80 send_proxy=v1 check_port=80", "PROXY UNKNOWN\r\n")]
    [InlineData("192.0.2.1:80 send_proxy=v1 check_port=81", "")]
    [InlineData("192.0.2.1:80 send_proxy=off", "")]
    [InlineData("192.0.2.1:80", "PROXY UNKNOWN\r\n")] // as all backends of the service
    public void ForCheck_Backend_IsWhatItGetsOnThatPort(string line, string expected)
    {
        Assert.True(BackendLine.TryParseLine(line, out BackendOptions? backend, out string? error), error);

        ReadOnlyMemory<byte> header = ProxyHeaderWriter.ForCheck(backend, new PrefaceOptions { SendProxy = SendProxy.V1 });

        Assert.Equal(expected, Encoding.ASCII.GetString(header.Span));
    }

    private static byte[] Written(SendProxy version, EndPoint source, EndPoint? destination, ProxyAdditions additions = default)
    {
        var output = new ArrayBufferWriter<byte>();
        ProxyHeaderWriter.Write(output, version, source, destination, additions);
        return output.WrittenSpan.ToArray();
    }
}
