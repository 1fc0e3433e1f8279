using System.Globalization;
using LbTcp.Configuration;

namespace LbTcp.Tests.Preface.Fuzzing;

/// <summary>
/// A short run over every parser of what comes before the bytes of a client. <c>bench/fuzz</c> makes it longer by the environment.
/// </summary>
public sealed class FuzzTests
{
    private const string Inputs = "LBTCP_FUZZ_INPUTS";
    private const string Seed = "LBTCP_FUZZ_SEED";
    private const string Report = "LBTCP_FUZZ_REPORT";

    private static readonly Dictionary<string, IFuzzTarget> _targets = new IFuzzTarget[]
    {
        new ProxyHeaderTarget(SendProxy.V1),
        new ProxyHeaderTarget(SendProxy.V2),
        new ClientHelloTarget(),
    }.ToDictionary(target => target.Name);

    public static TheoryData<string> Targets => [.. _targets.Keys];

    [Theory, MemberData(nameof(Targets))]
    public void Read_ManyMutatedInputs_KeepsItsPromises(string target)
    {
        string report = FuzzRun.Run(_targets[target], Number(Inputs, 50_000), (int)Number(Seed, 1));

        Assert.Contains("accepted", report, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable(Report) is { } file)
            File.AppendAllText(file, report);
    }

    private static long Number(string variable, long otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
