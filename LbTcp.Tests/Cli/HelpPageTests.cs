using System.CommandLine;
using LbTcp.Cli;
using LbTcp.Cli.Flags;
using LbTcp.Cli.Operate;
using LbTcp.Cli.Terminals;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Cli;

public class HelpPageTests
{
    private readonly IReadOnlyList<FlagGroup> _groups = new CommandFlags().Groups;
    private readonly IReadOnlyList<Command> _verbs = OperateVerbs.All(
        new VerbEnvironment(
            TextWriter.Null, new ErrorOutput(TextWriter.Null), new NoTerminal(), new Dictionary<string, string>(), TimeProvider.System),
        new RootCommand());

    [Fact]
    public void Write_EveryFlag_IsDescribed()
    {
        string page = Write();
        foreach (Option flag in _groups.SelectMany(group => group.Flags))
        {
            Assert.Contains($"{flag.Name} ", page.ReplaceLineEndings(" "), StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(flag.Description), flag.Name);
        }
    }

    [Fact]
    public void Write_EveryFlagWithADefault_ShowsIt()
    {
        string page = string.Join(' ', Write().Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Setting[] settings = [.. _groups.SelectMany(group => group.Flags).OfType<IFlag>().Select(flag => flag.Setting)];
        Assert.Equal(
            ["backends", "source_address"],
            settings.Where(setting => setting.DefaultText.Length == 0).Select(setting => setting.Name));
        Assert.All(settings.Where(setting => setting.DefaultText.Length > 0),
            setting => Assert.Contains($"{setting.Description} [{setting.DefaultText}]", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Write_EveryOptionOfABackend_IsDescribed() => Assert.All(BackendSettings.All, setting =>
    {
        string usage = setting is Setting<bool> ? setting.Name : $"{setting.Name}={setting.Placeholder}";
        Assert.Contains($"\n  {usage}\n", Write(), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("[127.0.0.1:8080]")]
    [InlineData("[/health]")]
    [InlineData("[2s]")]
    [InlineData("[1h]")]
    [InlineData("[1m]")]
    [InlineData("auto|tcp|http|https|redis|mysql|postgres|smtp|tls|memcached|none")]
    [InlineData("Verbs:")]
    [InlineData("check [FILE]... [--against OLD] [OPTION]...")]
    [InlineData("Exit codes:")]
    [InlineData("Examples:")]
    public void Write_Page_Has(string text) => Assert.Contains(text, Write(), StringComparison.Ordinal);

    [Fact]
    public void Write_Lines_FitATerminal() => Assert.All(Write().Split('\n'), line => Assert.InRange(line.Length, 0, 80));

    private string Write()
    {
        using var page = new StringWriter();
        new HelpPage(_groups, _verbs).Write(page);
        return page.ToString();
    }
}
