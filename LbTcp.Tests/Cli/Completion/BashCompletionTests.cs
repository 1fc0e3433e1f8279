using System.CommandLine;
using System.Diagnostics;
using LbTcp.Cli;
using LbTcp.Cli.Operate;
using LbTcp.Configuration.Settings;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Cli.Completion;

/// <summary>Runs the script in bash, as the shell does when Tab is pressed.</summary>
public sealed class BashCompletionTests : IDisposable
{
    private const string Names = """
        {"process":{},"services":[{"name":"web"}],"backends":[{"service":"web","name":"web1"},{"service":"api","name":"b;$(x)"}]}
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Complete_Verbs_AreThoseOfTheProgram()
    {
        string[] verbs = await CompleteAsync("lbtcp ");
        using var output = new StringWriter();
        _ = await new LbTcpCommand(output, TextWriter.Null).RunAsync(["--help"]);
        Assert.Contains("drain", verbs);
        Assert.Contains("check", verbs);
        Assert.DoesNotContain("demo", verbs);
        Assert.All(verbs, verb => Assert.Contains($"\n  {verb} ", output.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lbtcp dr", "drain")]
    [InlineData("lbtcp --algorithm l", "leastconn")]
    [InlineData("lbtcp --algorithm=l", "leastconn")]
    [InlineData("lbtcp check --against x --access-log o", "on off")]
    [InlineData("lbtcp drain --wa", "--wait")]
    [InlineData("lbtcp drain --wait 5m we", "web1 web/web1")]
    [InlineData("lbtcp drain --json we", "web1 web/web1")]
    [InlineData("lbtcp connections --backend web/", "web/web1")]
    [InlineData("lbtcp drain --service a", "api")]
    [InlineData("lbtcp weight web1 ", "")]
    [InlineData("lbtcp drain --admin unix:/run/other.sock ", "far o/far")]
    [InlineData("lbtcp --admin=unix:/run/other.sock explain fa", "far")]
    [InlineData("lbtcp log-level d", "debug")]
    [InlineData("lbtcp completion ", "bash zsh fish")]
    [InlineData("lbtcp drain b", @"b\;\$\(x\)")]
    public async Task Complete_Line_HasTheCandidates(string line, string candidates) =>
        Assert.Equal(candidates, string.Join(' ', await CompleteAsync(line)));

    [Fact]
    public async Task Complete_Flags_AreThoseOfTheDeclarations()
    {
        foreach (Command verb in Verbs())
        {
            string[] flags = await CompleteAsync($"lbtcp {verb.Name} --");
            Assert.Equal(
                verb.Options.Select(flag => flag.Name).Append("--help").Order(StringComparer.Ordinal),
                flags.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Complete_FlagsOfTheProgram_AreThoseOfTheCatalogue() => Assert.Equal(
        Catalogue.Groups.SelectMany(group => group.Settings).Select(setting => setting.Flag)
            .Concat(["--help", "--version", "--validate"]).Order(StringComparer.Ordinal),
        (await CompleteAsync("lbtcp --")).Order(StringComparer.Ordinal));

    private static IReadOnlyList<Command> Verbs()
    {
        using var scenario = new Operate.VerbScenario();
        return OperateVerbs.All(scenario.Environment, new RootCommand());
    }

    private async Task<string[]> CompleteAsync(string line)
    {
        using var script = new StringWriter();
        Assert.Equal(0, await new LbTcpCommand(script, TextWriter.Null).RunAsync(["completion", "bash"]));
        string file = _directory.Write("lbtcp.bash", script.ToString());
        string run = $$"""
            set -u
            lbtcp() { if [[ $* == *other* ]]; then echo '{"service":"o","name":"far"}'; else echo '{{Names}}'; fi; }
            source '{{file}}'
            COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
            _lbtcp
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        ProgramRun result = await ProgramRun.OfAsync(new ProcessStartInfo("bash", ["--norc", "-c", run, "bash", line]));
        Assert.Equal("", result.Error);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
