using LbTcp.Preface;

namespace LbTcp.Tests.Preface;

public sealed class OfferedSuitesParserTests
{
    private const OfferedSuites AnyGcm = OfferedSuites.GcmForEc | OfferedSuites.GcmForRsa;

    [Fact]
    public void Read_OfPrograms_IsWhatTheyOffer()
    {
        Assert.Equal(AnyGcm | OfferedSuites.Tls13, OfferedSuitesParser.Read(CapturedClientHellos.OpenSsl));
        Assert.Equal(AnyGcm | OfferedSuites.Tls13, OfferedSuitesParser.Read(CapturedClientHellos.Curl));
        Assert.Equal(AnyGcm, OfferedSuitesParser.Read(CapturedClientHellos.OpenSslTls12));
    }

    [Theory]
    [InlineData(0xC02B, 1)]
    [InlineData(0xC02C, 1)]
    [InlineData(0xC02F, 2)]
    [InlineData(0xC030, 2)]
    [InlineData(0xC027, 0)] // in CBC mode
    [InlineData(0xCCA8, 0)] // ChaCha20, which is not among the defaults of the framework for TLS 1.2
    [InlineData(0x1301, 0)] // a suite of TLS 1.3 without that version
    public void Read_Suite_IsOfferedForItsKind(int suite, int expected)
    {
        OfferedSuites[] kinds = [OfferedSuites.None, OfferedSuites.GcmForEc, OfferedSuites.GcmForRsa];
        byte[] hello = ClientHelloBytes.Of("a.example");
        int at = hello.AsSpan().IndexOf<byte>([0x1A, 0x1A]);
        (hello[at + 2], hello[at + 3]) = ((byte)(suite >> 8), (byte)suite);
        hello.AsSpan()[hello.AsSpan().IndexOf<byte>([0, 43, 0, 3, 2, 3, 4])..][6] = 3; // TLS 1.2

        Assert.Equal(kinds[expected], OfferedSuitesParser.Read(hello));
    }

    [Fact]
    public void Read_SpreadOverRecordsOrIncomplete_IsTheSameOrNothing()
    {
        byte[] message = ClientHelloBytes.Message(ClientHelloBytes.Extensions("a.example"));

        Assert.Equal(OfferedSuites.Tls13, OfferedSuitesParser.Read(ClientHelloBytes.Records(message, 1, 40)));
        byte[] whole = ClientHelloBytes.Records(message);
        for (int length = 0; length < whole.Length; length++)
            Assert.Equal(OfferedSuites.None, OfferedSuitesParser.Read(whole.AsSpan(0, length)));
    }
}
