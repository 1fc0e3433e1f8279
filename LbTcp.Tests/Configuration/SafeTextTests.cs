using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class SafeTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain text, quotes \" and \\", "plain text, quotes \" and \\")]
    [InlineData("a\tb\r\nc\0", "a\\u0009b\\u000D\\u000Ac\\u0000")]
    [InlineData("\u001b[2J\u007f\u0085\u009b", "\\u001B[2J\\u007F\\u0085\\u009B")]
    [InlineData("\u2028\u2029\u202e\u2066\ufeff", "\\u2028\\u2029\\u202E\\u2066\\uFEFF")]
    [InlineData("caf\u00e9 \ud83d\ude00", "caf\u00e9 \ud83d\ude00")]
    public void Escape_Text_LosesWhatIsUnsafe(string text, string escaped)
    {
        Assert.Equal(escaped, SafeText.Escape(text));
    }

    [Fact]
    public void Escape_EveryCharacter_IsEscapedIfItMovesTheCursorEndsTheLineOrReversesIt()
    {
        (int First, int Last)[] unsafeRanges =
            [(0x00, 0x1F), (0x7F, 0x9F), (0x2028, 0x202E), (0x2066, 0x2069), (0xD800, 0xDFFF), (0xFEFF, 0xFEFF)];
        for (int code = 0; code <= char.MaxValue; code++)
        {
            string text = ((char)code).ToString();
            bool isUnsafe = unsafeRanges.Any(range => code >= range.First && code <= range.Last);
            Assert.Equal(isUnsafe ? $"\\u{code:X4}" : text, SafeText.Escape(text));
        }
    }

    [Fact]
    public void Escape_UnpairedSurrogates_AreEscaped()
    {
        Assert.Equal("\\uDE00x\\uD83D", SafeText.Escape("\ude00x\ud83d"));
    }
}
