using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using LbTcp.Configuration;
using LbTcp.Preface;

namespace LbTcp.Tests.Preface.Fuzzing;

/// <summary>
/// The parser of PROXY protocol headers: its result must not depend on how the bytes arrive nor on what follows the header, it must come
/// within the length limits, and the addresses must be the same after they were sent on.
/// </summary>
internal sealed class ProxyHeaderTarget(SendProxy version) : IFuzzTarget
{
    private const int Prefixes = 3;

    private readonly ArrayBufferWriter<byte> _output = new();

    public string Name => $"PROXY protocol {(version is SendProxy.V1 ? "version 1" : "version 2")}";

    public byte[] CreateValid(Random random)
    {
        byte[] payload = new byte[random.Next(3) * random.Next(20)];
        random.NextBytes(payload);
        return [.. version is SendProxy.V1 ? Line(random) : Binary(random), .. payload];
    }

    public string Check(byte[] input, Random random)
    {
        ProxyHeaderResult result = ProxyHeaderParser.Read(input);
        int end = result.Status is ProxyHeaderStatus.Complete ? result.Header.Length : input.Length;
        Require(end <= input.Length && (end > 0 || input.Length == 0), $"a header of {end} bytes");
        CheckPrefix(result, input, end - 1);
        for (int i = 0; i < Prefixes; i++)
            CheckPrefix(result, input, random.Next(input.Length + 1));
        if (result.Status is ProxyHeaderStatus.Incomplete)
        {
            int limit = input.Length > 0 && input[0] == (byte)'P' ? ProxyHeaderV1.MaxLength : ProxyHeaderParser.MaxLength;
            Require(input.Length < limit, $"incomplete with {input.Length} bytes");
            return "incomplete";
        }

        byte[] other = [.. input[..end], .. "\r\n 1 \r\n"u8];
        Require(ProxyHeaderParser.Read(other) == result, "depends on what follows");
        if (result.Header.Source is { } source)
            CheckRoundTrip(source, result.Header.Destination!);
        return result.Problem ?? (result.Header.Source is null ? "accepted without addresses" : "accepted with addresses");
    }

    private static void CheckPrefix(ProxyHeaderResult result, byte[] input, int length)
    {
        if (length < 0)
            return;
        ProxyHeaderResult early = ProxyHeaderParser.Read(input.AsSpan(0, length));
        bool isDue = result.Status is ProxyHeaderStatus.Complete && length >= result.Header.Length;
        bool isExpected = early == result
            ? isDue || result.Status is not ProxyHeaderStatus.Complete
            : early == ProxyHeaderResult.Incomplete && !isDue;
        Require(isExpected, $"{early} after {length} bytes, {result} after all");
    }

    private void CheckRoundTrip(IPEndPoint source, IPEndPoint destination)
    {
        _output.Clear();
        ProxyHeaderWriter.Write(_output, version, source, destination);
        var expected = ProxyHeaderResult.Of(new ProxyHeader(_output.WrittenCount, source, destination));
        Require(ProxyHeaderParser.Read(_output.WrittenSpan) == expected, "differs after it was sent on");
    }

    private static byte[] Line(Random random)
    {
        int kind = random.Next(5);
        string addresses = $"{Address(random, kind < 2)} {Address(random, kind < 2)} {random.Next(65536)} {random.Next(65536)}";
        string protocol = kind switch { 0 or 1 => "TCP4 ", 2 or 3 => "TCP6 ", _ => "UNKNOWN " };
        string line = kind == 4 && random.Next(2) == 0 ? "PROXY UNKNOWN" : $"PROXY {protocol}{addresses}";
        return Encoding.ASCII.GetBytes(line.Length <= ProxyHeaderV1.MaxLength - 2 ? $"{line}\r\n" : "PROXY UNKNOWN\r\n");
    }

    private static string Address(Random random, bool isIPv4)
    {
        byte[] bytes = new byte[isIPv4 ? 4 : 16];
        random.NextBytes(bytes);
        if (!isIPv4 && random.Next(2) == 0)
            bytes.AsSpan(random.Next(8), random.Next(9)).Clear();
        if (!isIPv4 && random.Next(8) == 0)
            new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF }.CopyTo(bytes, 0);
        return new IPAddress(bytes).ToString();
    }

    private static byte[] Binary(Random random)
    {
        (byte protocol, int size) = random.Next(6) switch
        {
            0 or 1 => ((byte)0x11, 12),
            2 or 3 => ((byte)0x21, 36),
            4 => ((byte)0x31, 216),
            _ => ((byte)0x00, 0),
        };
        byte[] addresses = new byte[size];
        random.NextBytes(addresses);
        byte[] tlvs = [];
        for (int count = random.Next(4); count > 0; count--)
        {
            byte[] value = new byte[random.Next(100) == 0 ? random.Next(10_000) : random.Next(20)];
            random.NextBytes(value);
            tlvs = [.. tlvs, .. ProxyHeaders.Tlv((byte)(random.Next(2) == 0 ? 0x04 : 0x20 + random.Next(200)), value)];
        }

        bool hasChecksum = size > 0 && random.Next(2) == 0;
        byte[] checksum = hasChecksum ? ProxyHeaders.Tlv(0x03, 0, 0, 0, 0) : [];
        byte[] header = ProxyHeaders.V2((byte)(random.Next(5) == 0 ? 0x20 : 0x21), protocol, [.. addresses, .. tlvs, .. checksum]);
        if (hasChecksum)
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(header.Length - 4), ProxyTlv.Crc32C(header, header.Length - 4));
        return header;
    }

    private static void Require(bool isTrue, FormattableString failure)
    {
        if (!isTrue)
            throw new InvalidOperationException(failure.ToString(CultureInfo.InvariantCulture));
    }

    private static void Require(bool isTrue, string failure) => Require(isTrue, (FormattableString)$"{failure}");
}
