using System.Net;
using System.Text;
using System.Text.Json;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Diagnostics;

public class LogLineTests
{
    private static readonly DateTimeOffset _time = new(2026, 11, 22, 17, 4, 5, 123, TimeSpan.FromHours(1));

    [Theory]
    [InlineData(LogLevel.Trace, "trace")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "critical")]
    public void Begin_Text_IsUtcTimeLevelAndMessage(LogLevel level, string word)
    {
        var line = LogLine.Create(LogFormat.Text);
        line.Begin(_time, level, 300, "connection closed");
        Assert.Equal($"2026-11-22T16:04:05.123Z {word} connection closed\n", Encoding.UTF8.GetString(line.End()));
    }

    [Fact]
    public void Begin_Json_IsTimeLevelEventAndMessage()
    {
        var line = LogLine.Create(LogFormat.Json);
        line.Begin(_time, LogLevel.Warning, 401, "backend is unhealthy");
        Assert.Equal(
            """{"time":"2026-11-22T16:04:05.123Z","level":"warn","event":401,"message":"backend is unhealthy"}""" + "\n",
            Encoding.UTF8.GetString(line.End()));
    }

    [Fact]
    public void Begin_AfterAnUnfinishedLine_StartsOver()
    {
        foreach (LogFormat format in Enum.GetValues<LogFormat>())
        {
            var line = LogLine.Create(format);
            line.Begin(_time, LogLevel.Information, 1, "first");
            line.Text("field"u8, "value");
            line.Begin(_time, LogLevel.Information, 1, "second");
            string text = Encoding.UTF8.GetString(line.End());
            Assert.Contains("second", text, StringComparison.Ordinal);
            Assert.DoesNotContain("first", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("web1", "web1")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("", "\"\"")]
    [InlineData("timed out", "\"timed out\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("say \"hi\" \\ bye", "\"say \\\"hi\\\" \\\\ bye\"")]
    [InlineData("a\r\nforged", "\"a\\u000D\\u000Aforged\"")]
    [InlineData("\u001b[31m", "\"\\u001B[31m\"")]
    [InlineData("a\u0085b\u2028c", "\"a\\u0085b\\u2028c\"")]
    [InlineData("caf\u00e9", "\"caf\u00e9\"")]
    public void Text_InTextForm_IsQuotedAndEscapedWhenItHasTo(string value, string written)
    {
        Assert.Equal($"field={written}", TextOf(line => line.Text("field"u8, value)));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("say \"hi\" \\ bye")]
    [InlineData("a\r\nforged \u001b[31m \u0085\u2028\u202e caf\u00e9 \ud83d\ude00")]
    public void Text_InJsonForm_IsOneAsciiLineThatReadsBackTheSame(string value)
    {
        string text = JsonOf(line => line.Text("field"u8, value));
        Assert.DoesNotContain(text.TrimEnd('\n'), c => c is < ' ' or > '~');
        Assert.Equal(value, JsonDocument.Parse(text).RootElement.GetProperty("field").GetString());
    }

    [Fact]
    public void Message_FromOutside_StaysOnItsLine()
    {
        var line = LogLine.Create(LogFormat.Text);
        line.Begin(_time, LogLevel.Information, 1, "bad name 'x\n2026-11-22T16:04:05.123Z info forged'");
        Assert.Equal(1, Encoding.UTF8.GetString(line.End()).Count(c => c == '\n'));
    }

    [Fact]
    public void Value_AnyType_IsWrittenAsSuch()
    {
        var values = new (object Value, string Text, string Json)[]
        {
            ("web1", "web1", "\"web1\""),
            (7, "7", "7"),
            (7L, "7", "7"),
            ((ushort)80, "80", "80"),
            (0.25, "0.25", "0.25"),
            (double.NaN, "NaN", "null"),
            (true, "true", "true"),
            (TimeSpan.FromMilliseconds(0.4), "0.4ms", "0.0004"),
            (TimeSpan.FromSeconds(3.25), "3.3s", "3.25"),
            (ConnectionEndReason.ClientReset, "client_reset", "\"client_reset\""),
            (IPEndPoint.Parse("10.0.0.9:51322"), "10.0.0.9:51322", "\"10.0.0.9:51322\""),
            (IPEndPoint.Parse("[2001:db8::1]:443"), "[2001:db8::1]:443", "\"[2001:db8::1]:443\""),
            (new[] { "web2:timed out", "web3:refused" }, "\"web2:timed out,web3:refused\"", "[\"web2:timed out\",\"web3:refused\"]"),
            (1.5m, "1.5", "\"1.5\""),
        };
        foreach ((object value, string text, string json) in values)
        {
            Assert.Equal($"field={text}", TextOf(line => line.Value("field"u8, value)));
            Assert.Contains($"\"field\":{json}}}", JsonOf(line => line.Value("field"u8, value)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EndPoint_LongestAddress_Fits()
    {
        const string Address = "1111:2222:3333:4444:5555:6666:7777:8888%4294967295";
        var endPoint = new IPEndPoint(IPAddress.Parse(Address), 65535);
        Assert.Equal($"field=[{Address}]:65535", TextOf(line => line.EndPoint("field"u8, endPoint)));
    }

    private static string TextOf(Action<LogLine> write)
    {
        var line = LogLine.Create(LogFormat.Text);
        line.Begin(_time, LogLevel.Information, 1, "x");
        write(line);
        return Encoding.UTF8.GetString(line.End())["2026-11-22T16:04:05.123Z info x ".Length..^1];
    }

    private static string JsonOf(Action<LogLine> write)
    {
        var line = LogLine.Create(LogFormat.Json);
        line.Begin(_time, LogLevel.Information, 1, "x");
        write(line);
        return Encoding.UTF8.GetString(line.End());
    }
}
