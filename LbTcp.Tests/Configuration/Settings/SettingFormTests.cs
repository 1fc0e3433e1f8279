using System.Net;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration.Settings;

public class SettingFormTests
{
    private static readonly DurationForm _duration = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(9), "disables it");
    private static readonly ChoiceForm<HttpStatusCode> _choice = new(("ok", HttpStatusCode.OK), ("found", HttpStatusCode.Found));

    [Theory]
    [InlineData("1s", 1)]
    [InlineData("9h", 32_400)]
    [InlineData("0", 0)]
    public void TryParse_DurationWithinBounds_IsRead(string text, int seconds)
    {
        Assert.True(_duration.TryParse(text, out TimeSpan value, out _));
        Assert.Equal(TimeSpan.FromSeconds(seconds), value);
    }

    [Theory]
    [InlineData("999ms", " is 999ms, which is not between 1s and 9h.", "which is not between 1s and 9h.")]
    [InlineData("9h1ms", " is 9h1ms, which is not between 1s and 9h.", "which is not between 1s and 9h.")]
    [InlineData(
        "x",
        ": 'x' is not a duration; write it like 500ms, 2s, 1m30s or 1h.",
        "where 'x' is not a duration; write it like 500ms, 2s, 1m30s or 1h.")]
    public void TryParse_OtherDuration_IsRefusedInBothPhrasings(string text, string predicate, string clause)
    {
        Assert.False(_duration.TryParse(text, out _, out ValueProblem? problem));
        Assert.Equal(new ValueProblem(predicate, clause), problem);
    }

    [Fact]
    public void TryParse_ZeroWithoutAMeaning_IsRefused()
    {
        Assert.False(new DurationForm(TimeSpan.FromSeconds(1)).TryParse("0s", out _, out ValueProblem? problem));
        Assert.Equal(new ValueProblem(" cannot be 0; the shortest is 1s.", "which cannot be 0; the shortest is 1s."), problem);
    }

    [Theory]
    [InlineData("OK", " is 'OK', which is unknown; did you mean ok?", "which is unknown; did you mean ok?")]
    [InlineData("redirect", " is 'redirect'; use ok or found.", "which is not ok or found.")]
    [InlineData("", " is ''; use ok or found.", "which is not ok or found.")]
    public void TryParse_UnknownWord_IsRefusedWithTheKnownOnes(string text, string predicate, string clause)
    {
        Assert.False(_choice.TryParse(text, out _, out ValueProblem? problem));
        Assert.Equal(new ValueProblem(predicate, clause), problem);
    }

    [Fact]
    public void Placeholder_Choice_IsItsWords() => Assert.Equal(("ok|found", "ok or found"), (_choice.Placeholder, _choice.Range));

    [Fact]
    public void Format_NoValue_IsWhatApplies()
    {
        Assert.Equal("no limit", new OptionalForm<int>(new WholeNumberForm(1, 9), "no limit").Format(null));
        Assert.Equal("none", new OptionalTextForm(new TextForm("X", "x", _ => null), "none").Format(null));
    }

    [Fact]
    public void Description_FormWithZero_SaysWhatItDoes() =>
        Assert.Equal("a time; 0 disables it", new Setting<TimeSpan>("time", _duration, TimeSpan.Zero, "a time").Description);
}
