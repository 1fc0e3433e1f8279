using LbTcp.Preface;

namespace LbTcp.Tests.Preface;

public sealed class TlsOfferParserTests
{
    private const TlsOffer Usual =
        TlsOffer.GcmForEc | TlsOffer.GcmForRsa | TlsOffer.EcdsaP256 | TlsOffer.EcdsaP384 | TlsOffer.EcdsaP521;

    [Fact]
    public void Read_OfPrograms_IsWhatTheyOffer()
    {
        Assert.Equal(Usual | TlsOffer.Tls13, TlsOfferParser.Read(CapturedClientHellos.OpenSsl));
        Assert.Equal(Usual | TlsOffer.Tls13, TlsOfferParser.Read(CapturedClientHellos.Curl));
        Assert.Equal(Usual, TlsOfferParser.Read(CapturedClientHellos.OpenSslTls12));
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
        TlsOffer[] kinds = [TlsOffer.None, TlsOffer.GcmForEc, TlsOffer.GcmForRsa];
        byte[] hello = ClientHelloBytes.Of("a.example");
        int at = hello.AsSpan().IndexOf<byte>([0x1A, 0x1A]);
        (hello[at + 2], hello[at + 3]) = ((byte)(suite >> 8), (byte)suite);
        hello.AsSpan()[hello.AsSpan().IndexOf<byte>([0, 43, 0, 3, 2, 3, 4])..][6] = 3; // TLS 1.2

        Assert.Equal(kinds[expected], TlsOfferParser.Read(hello));
    }

    [Theory]
    [InlineData(0x0403, TlsOffer.EcdsaP256)]
    [InlineData(0x0503, TlsOffer.EcdsaP384)]
    [InlineData(0x0603, TlsOffer.EcdsaP521)]
    [InlineData(0x0804, TlsOffer.None)] // RSA-PSS
    [InlineData(0x0203, TlsOffer.None)] // with SHA-1, which is not signed with
    internal void Read_Signature_IsOffered(int scheme, TlsOffer expected)
    {
        byte[] content = [0, 4, 0x04, 0x01, (byte)(scheme >> 8), (byte)scheme];
        byte[] extensions = [.. ClientHelloBytes.Extensions("a.example"), .. ClientHelloBytes.Extension(13, content)];

        Assert.Equal(TlsOffer.Tls13 | expected, TlsOfferParser.Read(ClientHelloBytes.Records(ClientHelloBytes.Message(extensions))));
    }

    // A length beyond the end of the extension.
    [Theory]
    [InlineData(0, 9, 4, 3)]
    [InlineData(0, 3, 4, 3)]
    [InlineData(0)]
    public void Read_MalformedSignatures_AreNone(params int[] content)
    {
        byte[] extension = ClientHelloBytes.Extension(13, [.. content.Select(each => (byte)each)]);
        Assert.Equal(TlsOffer.None, TlsOfferParser.Read(ClientHelloBytes.Records(ClientHelloBytes.Message(extension))));
    }

    [Fact]
    public void Read_SpreadOverRecordsOrIncomplete_IsTheSameOrNothing()
    {
        byte[] message = ClientHelloBytes.Message(ClientHelloBytes.Extensions("a.example"));

        Assert.Equal(TlsOffer.Tls13, TlsOfferParser.Read(ClientHelloBytes.Records(message, 1, 40)));
        byte[] whole = ClientHelloBytes.Records(message);
        for (int length = 0; length < whole.Length; length++)
            Assert.Equal(TlsOffer.None, TlsOfferParser.Read(whole.AsSpan(0, length)));
    }
}
