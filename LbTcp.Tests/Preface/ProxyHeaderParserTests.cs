using System.Net;
using LbTcp.Preface;

namespace LbTcp.Tests.Preface;

/// <summary>Headers of both versions, and how they arrive.</summary>
public sealed class ProxyHeaderParserTests
{
    public static TheoryData<byte[], string?, string?> Valid => new()
    {
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8 4711 443\r\n"), "192.0.2.7:4711", "192.0.2.8:443" },
        { ProxyHeaders.V1("PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n"), "255.255.255.255:65535", "0.0.0.0:0" },
        { ProxyHeaders.V1("PROXY TCP6 2001:DB8::7 2001:db8::8 4711 443\r\n"), "[2001:db8::7]:4711", "[2001:db8::8]:443" },
        { ProxyHeaders.V1("PROXY TCP6 ::ffff:192.0.2.7 2001:db8::8 1 2\r\n"), "192.0.2.7:1", "[2001:db8::8]:2" },
        {
            ProxyHeaders.V1(
                "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"),
            "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"
        },
        { ProxyHeaders.V1("PROXY UNKNOWN\r\n"), null, null },
        { ProxyHeaders.V1("PROXY UNKNOWN 1.2.3.4 what ever  is there\r\n"), null, null },
        { ProxyHeaders.V1($"PROXY UNKNOWN {new string('f', 91)}\r\n"), null, null }, // 107 bytes, the longest line
        { ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.Addresses4), "192.0.2.7:4711", "192.0.2.8:443" },
        { ProxyHeaders.V2(0x21, 0x21, Addresses6("2001:db8::7", "::ffff:192.0.2.8")), "[2001:db8::7]:4711", "192.0.2.8:443" },
        { ProxyHeaders.V2(0x21, 0x31, new byte[216]), null, null },
        { ProxyHeaders.V2(0x21, 0x31, [.. new byte[216], .. ProxyHeaders.Tlv(0x05, 1)]), null, null },
        { ProxyHeaders.V2(0x21, 0x00), null, null },
        { ProxyHeaders.V2(0x21, 0x00, 1, 2, 3), null, null },
        { ProxyHeaders.V2(0x20, 0x00), null, null },
        { ProxyHeaders.V2(0x20, 0x11, ProxyHeaders.Addresses4), null, null },
        { ProxyHeaders.V2(0x20, 0xFF, 1, 2), null, null }, // of LOCAL all of it has to be ignored
        { ProxyHeaders.V2(0x20, 0x00, new byte[ushort.MaxValue]), null, null },
        { ProxyHeaders.V2(0x21, 0x11, [.. ProxyHeaders.Addresses4, .. ProxyHeaders.Tlv(0x04)]), "192.0.2.7:4711", "192.0.2.8:443" },
        { ProxyHeaders.WithChecksum(), "192.0.2.7:4711", "192.0.2.8:443" },
        {
            ProxyHeaders.V2(0x21, 0x11, [.. ProxyHeaders.Addresses4, .. ProxyHeaders.Tlv(0xE0, new byte[65535 - 12 - 3])]),
            "192.0.2.7:4711", "192.0.2.8:443"
        },
    };

    public static TheoryData<byte[], string> Invalid => new()
    {
        { ProxyHeaders.V1("GET / HTTP/1.1\r\n\r\n"), "no PROXY protocol header" },
        { ProxyHeaders.V1("\x16\x03\x01\x02\x00"), "no PROXY protocol header" },
        { ProxyHeaders.V1("proxy TCP4 192.0.2.7 192.0.2.8 4711 443\r\n"), "no PROXY protocol header" },
        { ProxyHeaders.V1("PROXY\r\n"), "no PROXY protocol header" },
        { ProxyHeaders.V1(" PROXY UNKNOWN\r\n"), "no PROXY protocol header" },
        { ProxyHeaders.V1("PROXY \r\n"), "unknown protocol" },
        { ProxyHeaders.V1("PROXY  TCP4 192.0.2.7 192.0.2.8 4711 443\r\n"), "unknown protocol" },
        { ProxyHeaders.V1("PROXY tcp4 192.0.2.7 192.0.2.8 4711 443\r\n"), "unknown protocol" },
        { ProxyHeaders.V1("PROXY TCP 192.0.2.7 192.0.2.8 4711 443\r\n"), "unknown protocol" },
        { ProxyHeaders.V1("PROXY UDP4 192.0.2.7 192.0.2.8 4711 443\r\n"), "unknown protocol" },
        { ProxyHeaders.V1("PROXY UNKNOWNS\r\n"), "unknown protocol" },
        { ProxyHeaders.V1("PROXY TCP4\r\n"), "malformed address" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7\r\n"), "malformed address" },
        { ProxyHeaders.V1("PROXY TCP4  192.0.2.7 192.0.2.8 4711 443\r\n"), "malformed address" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7  192.0.2.8 4711 443\r\n"), "malformed address" },
        { ProxyHeaders.V1("PROXY TCP4\t192.0.2.7 192.0.2.8 4711 443\r\n"), "unknown protocol" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.07 192.0.2.8 4711 443\r\n"), "malformed address" },
        { ProxyHeaders.V1("PROXY TCP4 2001:db8::7 2001:db8::8 4711 443\r\n"), "malformed address" },
        { ProxyHeaders.V1("PROXY TCP6 192.0.2.7 192.0.2.8 4711 443\r\n"), "malformed address" },
        { ProxyHeaders.V1("PROXY TCP6 fe80::1%lo fe80::2 4711 443\r\n"), "malformed address" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8\r\n"), "malformed port" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8 4711\r\n"), "malformed port" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8 4711 443 \r\n"), "malformed port" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8 4711 443 1\r\n"), "malformed port" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8  4711 443\r\n"), "malformed port" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8 65536 443\r\n"), "malformed port" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8 4711 0443\r\n"), "malformed port" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8 4711 -1\r\n"), "malformed port" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8 4711 443\n"), "line without CR LF at its end" },
        { ProxyHeaders.V1("PROXY TCP4 192.0.2.7 192.0.2.8 4711 443\r\r\n"), "line without CR LF at its end" },
        { ProxyHeaders.V1("PROXY UNKNOWN\rX"), "line without CR LF at its end" },
        { ProxyHeaders.V1($"PROXY UNKNOWN {new string('f', 92)}\r\n"), "line of more than 107 bytes" },
        { ProxyHeaders.V1($"PROXY TCP4 {new string('1', 1024)}"), "line of more than 107 bytes" },
        { ProxyHeaders.V1("\r\n\r\n\0\r\nQUIX\n"), "no PROXY protocol header" },
        { ProxyHeaders.V1("\r\nGET"), "no PROXY protocol header" },
        { ProxyHeaders.V2(0x11, 0x11, ProxyHeaders.Addresses4), "unknown version" },
        { ProxyHeaders.V2(0x31, 0x11, ProxyHeaders.Addresses4), "unknown version" },
        { ProxyHeaders.V2(0x22, 0x11, ProxyHeaders.Addresses4), "unknown command" },
        { ProxyHeaders.V2(0x2F, 0x11, ProxyHeaders.Addresses4), "unknown command" },
        { ProxyHeaders.V2(0x21, 0x41, new byte[216]), "unknown address family or protocol" },
        { ProxyHeaders.V2(0x21, 0x13, ProxyHeaders.Addresses4), "unknown address family or protocol" },
        { ProxyHeaders.V2(0x21, 0x10, ProxyHeaders.Addresses4), "unknown address family or protocol" },
        { ProxyHeaders.V2(0x21, 0x01, ProxyHeaders.Addresses4), "unknown address family or protocol" },
        { ProxyHeaders.V2(0x21, 0x12, ProxyHeaders.Addresses4), "datagrams announced on a stream" },
        { ProxyHeaders.V2(0x21, 0x22, new byte[36]), "datagrams announced on a stream" },
        { ProxyHeaders.V2(0x21, 0x32, new byte[216]), "datagrams announced on a stream" },
        { ProxyHeaders.V2(0x21, 0x11), "shorter than its addresses" },
        { ProxyHeaders.V2(0x21, 0x11, new byte[11]), "shorter than its addresses" },
        { ProxyHeaders.V2(0x21, 0x21, new byte[35]), "shorter than its addresses" },
        { ProxyHeaders.V2(0x21, 0x31, new byte[215]), "shorter than its addresses" },
        { ProxyHeaders.V2(0x21, 0x11, [.. ProxyHeaders.Addresses4, 0x04]), "TLV incomplete" },
        { ProxyHeaders.V2(0x21, 0x11, [.. ProxyHeaders.Addresses4, 0x04, 0]), "TLV incomplete" },
        { ProxyHeaders.V2(0x21, 0x11, [.. ProxyHeaders.Addresses4, .. ProxyHeaders.Tlv(0x04, 1), 0]), "TLV incomplete" },
        { ProxyHeaders.V2(0x21, 0x11, [.. ProxyHeaders.Addresses4, 0x04, 0, 2, 1]), "TLV longer than the header" },
        { ProxyHeaders.V2(0x21, 0x11, [.. ProxyHeaders.Addresses4, 0x04, 0xFF, 0xFF]), "TLV longer than the header" },
        { ProxyHeaders.V2(0x21, 0x31, [.. new byte[216], 0x04, 0, 1]), "TLV longer than the header" },
        { ProxyHeaders.V2(0x21, 0x11, [.. ProxyHeaders.Addresses4, .. ProxyHeaders.Tlv(0x03, 1, 2, 3)]), "malformed checksum" },
        { ProxyHeaders.V2(0x21, 0x11, [.. ProxyHeaders.Addresses4, .. ProxyHeaders.Tlv(0x03, 1, 2, 3, 4)]), "wrong checksum" },
        {
            ProxyHeaders.V2(
                0x21, 0x11, [.. ProxyHeaders.Addresses4, .. ProxyHeaders.Tlv(0x03, 0, 0, 0, 0), .. ProxyHeaders.Tlv(0x03, 0, 0, 0, 0)]),
            "malformed checksum"
        },
    };

    [Theory, MemberData(nameof(Valid))]
    public void Read_ValidHeaderInAnyPieces_IsCompleteAtItsLastByte(byte[] header, string? source, string? destination)
    {
        byte[] withPayload = [.. header, .. "PROXY payload\r\n"u8];

        for (int length = 0; length < header.Length; length += header.Length > 1_000 ? 97 : 1)
            Assert.Equal(ProxyHeaderResult.Incomplete, ProxyHeaderParser.Read(withPayload.AsSpan(0, length)));
        Assert.Equal(ProxyHeaderResult.Incomplete, ProxyHeaderParser.Read(header.AsSpan(0, header.Length - 1)));

        var expected = ProxyHeaderResult.Of(new ProxyHeader(
            header.Length, source is null ? null : IPEndPoint.Parse(source), destination is null ? null : IPEndPoint.Parse(destination)));
        Assert.Equal(expected, ProxyHeaderParser.Read(header));
        Assert.Equal(expected, ProxyHeaderParser.Read(withPayload));
    }

    [Theory, MemberData(nameof(Invalid))]
    public void Read_InvalidHeaderInAnyPieces_IsRefusedForTheSameProblem(byte[] header, string problem)
    {
        Assert.Equal(ProxyHeaderResult.Invalid(problem), ProxyHeaderParser.Read(header));
        Assert.Equal(ProxyHeaderResult.Invalid(problem), ProxyHeaderParser.Read([.. header, .. "payload\r\n"u8]));
        for (int length = 0; length < header.Length; length++)
        {
            ProxyHeaderResult result = ProxyHeaderParser.Read(header.AsSpan(0, length));
            Assert.True(
                result == ProxyHeaderResult.Incomplete || result == ProxyHeaderResult.Invalid(problem), $"{result} after {length} bytes");
        }
    }

    [Theory]
    [InlineData("G")]
    [InlineData("PRI * HTTP/2.0")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0001")]
    public void Read_NoHeader_IsRefusedAtTheFirstByteThatDiffers(string text) =>
        Assert.Equal(ProxyHeaderStatus.Invalid, ProxyHeaderParser.Read(ProxyHeaders.V1(text)).Status);

    private static byte[] Addresses6(string source, string destination) =>
        [.. IPAddress.Parse(source).GetAddressBytes(), .. IPAddress.Parse(destination).GetAddressBytes(), 0x12, 0x67, 0x01, 0xBB];
}
