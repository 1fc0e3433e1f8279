using LbTcp.Tests.Repository;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>The rules in <c>deploy/prometheus</c> as Prometheus reads them.</summary>
public class AlertRulesTests
{
    private static readonly string _directory = Path.Combine(RepositoryFiles.Root.FullName, "deploy", "prometheus");

    [SkippableTheory]
    [InlineData("check", "rules", "lbtcp.rules.yml")]
    [InlineData("test", "rules", "lbtcp.rules.test.yml")]
    [InlineData("check", "config", "prometheus.yml")]
    public async Task Rules_ByPromtool_AreAccepted(string verb, string kind, string file)
    {
        RealProgram.Require("promtool");
        string output = await RealProgram.RunAsync("promtool", verb, kind, Path.Combine(_directory, file));
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }
}
