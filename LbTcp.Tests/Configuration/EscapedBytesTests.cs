using CsCheck;
using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class EscapedBytesTests
{
    [Theory]
    [InlineData(@"PING\r\n", "PING\r\n")]
    [InlineData(@"\0\t\\\x41\x7e", "\0\t\\A~")]
    [InlineData(@"\\x41", "\\x41")]
    [InlineData("a b,c\r\n", "a b,c\r\n")] // as a string of JSON may have it
    public void TryParse_Text_IsItsBytes(string text, string expected)
    {
        Assert.True(EscapedBytes.TryParse(text, out EscapedBytes? value, out _));
        Assert.Equal(expected.Select(c => (byte)c), value.Bytes.ToArray());
    }

    [Theory]
    [InlineData("", @"'' is not 1 to 1024 bytes as ASCII text, with \r, \n, \t, \0, \\ and \xNN for other bytes.")]
    [InlineData(@"a\", @"'a\' has the unknown escape '\'; use \r, \n, \t, \0, \\ or \xNN.")]
    [InlineData(@"\q1", @"'\q1' has the unknown escape '\q'; use \r, \n, \t, \0, \\ or \xNN.")]
    [InlineData(@"\x4", @"'\x4' has the unknown escape '\x4'; use \r, \n, \t, \0, \\ or \xNN.")]
    [InlineData(@"\x4gg", @"'\x4gg' has the unknown escape '\x4g'; use \r, \n, \t, \0, \\ or \xNN.")]
    [InlineData("\u00e4", @"'ä' has the character 'ä', which is not ASCII; write its bytes as \xNN.")]
    public void TryParse_WrongText_IsRefusedWithTheReason(string text, string expected)
    {
        Assert.False(EscapedBytes.TryParse(text, out _, out string? error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void TryParse_LongText_IsRefusedAboveTheLimit()
    {
        Assert.True(EscapedBytes.TryParse(new string('a', 1024), out _, out _));
        Assert.False(EscapedBytes.TryParse(new string('a', 1025), out _, out string? error));
        Assert.EndsWith("for other bytes.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_AnyBytes_IsOneWordThatIsReadAsItIsWritten() => Gen.Byte.Array[1, 64].Sample(bytes =>
    {
        string hex = string.Concat(bytes.Select(value => $"\\x{value:x2}"));
        Assert.True(EscapedBytes.TryParse(hex, out EscapedBytes? value, out _));
        string text = value.ToString();
        Assert.DoesNotMatch(@"[^!-~]|[ ,#""'`$]", text);
        Assert.True(EscapedBytes.TryParse(text, out EscapedBytes? again, out _));
        Assert.Equal(bytes, again.Bytes.ToArray());
        Assert.Equal((value, value.GetHashCode()), (again, again.GetHashCode()));
    });

    [Fact]
    public void Equals_OtherBytes_IsFalse()
    {
        Assert.True(EscapedBytes.TryParse("a", out EscapedBytes? a, out _));
        Assert.True(EscapedBytes.TryParse("b", out EscapedBytes? b, out _));
        Assert.NotEqual(a, b);
        Assert.False(a.Equals(null));
    }
}
