using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using LbTcp.Preface;

namespace LbTcp.Tests.Preface;

public sealed partial class AddressTextTests
{
    private const string Alphabet = "0123456789abcfABF::::....xg%[]/ -+";

    private static readonly string[] _addresses =
    [
        "192.0.2.7", "0.0.0.0", "255.255.255.255", "10.0.0.1", "::", "::1", "2001:db8::7", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.7",
        "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "64:ff9b::192.0.2.33", "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "fe80::1",
    ];

    [Theory]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("0x1.2.3.4")]
    [InlineData("01.2.3.4")]
    [InlineData("16909060")]
    [InlineData("")]
    public void Read_NoIPv4Address_IsNull(string text) =>
        Assert.Null(AddressText.Read(Encoding.ASCII.GetBytes(text), AddressFamily.InterNetwork));

    [Theory]
    [InlineData("[::1]")]
    [InlineData("fe80::1%1")]
    [InlineData("::1/128")]
    [InlineData("::01.2.3.4")]
    [InlineData("::0x1.2.3.4")]
    [InlineData("::1.2.3")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("12345::")]
    [InlineData("1.2.3.4")]
    [InlineData(":")]
    [InlineData("")]
    public void Read_NoIPv6Address_IsNull(string text) =>
        Assert.Null(AddressText.Read(Encoding.ASCII.GetBytes(text), AddressFamily.InterNetworkV6));

    [SkippableFact]
    public void Read_AnyText_AgreesWithTheSystem()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this system has no inet_pton of glibc");
        var random = new Random(1);
        for (int i = 0; i < 50_000; i++)
        {
            string text = Mutate(_addresses[random.Next(_addresses.Length)], random);
            Assert.True(OfSystem(text, AddressFamily.InterNetwork).Equals(Read(text, AddressFamily.InterNetwork)), text);
            Assert.True(OfSystem(text, AddressFamily.InterNetworkV6).Equals(Read(text, AddressFamily.InterNetworkV6)), text);
        }
    }

    private static string Mutate(string text, Random random)
    {
        var mutated = new StringBuilder(text);
        for (int changes = random.Next(4); changes > 0; changes--)
        {
            int place = random.Next(mutated.Length + 1);
            if (place < mutated.Length && random.Next(3) > 0)
                _ = mutated.Remove(place, 1);
            if (random.Next(3) > 0)
                _ = mutated.Insert(place, Alphabet[random.Next(Alphabet.Length)]);
        }

        return $"{mutated}";
    }

    private static string Read(string text, AddressFamily family) => $"{AddressText.Read(Encoding.ASCII.GetBytes(text), family)}";

    private static string OfSystem(string text, AddressFamily family)
    {
        byte[] address = new byte[family is AddressFamily.InterNetwork ? 4 : 16];
        if (ReadBySystem(family is AddressFamily.InterNetwork ? 2 : 10, text, address) != 1)
            return "";
        var read = new IPAddress(address);
        return $"{(read.IsIPv4MappedToIPv6 ? read.MapToIPv4() : read)}";
    }

    [LibraryImport("libc", EntryPoint = "inet_pton", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadBySystem(int family, string text, [Out] byte[] address);
}
