using LbTcp.Diagnostics;

namespace LbTcp.Tests.Diagnostics;

public class LogTemplateTests
{
    [Theory]
    [InlineData("stopped", "stopped")]
    [InlineData("draining connections={Connections} timeout={Timeout}", "draining")]
    [InlineData("listening on {Address} backends={Backends}", "listening on 127.0.0.1:80")]
    [InlineData("{Address}", "127.0.0.1:80")]
    [InlineData("ends after {Timeout}", "ends after 2.5s")]
    [InlineData("id {Id:x4} was {Nothing}", "id 01f3 was none")]
    [InlineData("a {Missing} value", "a {Missing} value")]
    [InlineData("an open {Address", "an open {Address")]
    [InlineData("x={Id}", "x=499")] // a field follows a blank
    [InlineData("the share (of all)={Id} fell backends={Backends}", "the share (of all)=499 fell")] // and has a name
    public void Message_Template_IsItsProseWithTheValues(string template, string message)
    {
        Assert.Equal(message, new LogTemplate(template).Message(
        [
            new("Address", "127.0.0.1:80"), new("Backends", 3), new("Connections", 7), new("Timeout", TimeSpan.FromSeconds(2.5)),
            new("Id", 499), new("Nothing", null),
        ]));
    }

    [Fact]
    public void Message_ValueLooksLikeAPlaceholder_IsNotReplaced()
    {
        Assert.Equal("{B} b", new LogTemplate("{A} {B}").Message([new("A", "{B}"), new("B", "b")]));
    }

    [Fact]
    public void IsInProse_Value_TellsMessageFromFields()
    {
        var template = new LogTemplate("listening on {Address} backends={Backends}");
        Assert.True(template.IsInProse("Address"));
        Assert.False(template.IsInProse("Backends"));
        Assert.False(template.IsInProse("Else"));
    }

    [Theory]
    [InlineData("Id", "x")]
    [InlineData("Count", null)]
    [InlineData("Else", null)]
    public void FormatOf_Value_IsWhatTheTemplateSays(string name, string? format)
    {
        Assert.Equal(format, new LogTemplate("closed id={Id:x} count={Count}").FormatOf(name));
    }
}
