using System.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>A program of the system that a test needs. Without it the test is skipped, or fails with <c>LBTCP_REQUIRE_REAL=1</c>.</summary>
internal static class RealProgram
{
    // Debian keeps servers out of the search path of ordinary users, and PostgreSQL in a directory for each version.
    private static readonly string[] _directories =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/usr/local/sbin",
        .. new DirectoryInfo("/usr/lib/postgresql") is { Exists: true } versions
            ? versions.GetDirectories().Select(version => Path.Combine(version.FullName, "bin"))
            : [],
    ];

    /// <summary>Skips or fails the test unless all these programs are installed; to be called before anything is started.</summary>
    public static void Require(params string[] names)
    {
        string? missing = names.FirstOrDefault(name => Find(name) is null);
        if (Environment.GetEnvironmentVariable("LBTCP_REQUIRE_REAL") == "1")
            Assert.True(missing is null, $"{missing} is not installed, and LBTCP_REQUIRE_REAL is 1");
        Skip.If(missing is not null, $"skipped: {missing} not installed");
    }

    /// <summary>How to start a program.</summary>
    public static ProcessStartInfo StartInfo(string name, params IEnumerable<string> arguments) => new(Find(name)!, arguments);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static async Task<string> RunAsync(string name, params string[] arguments)
    {
        ProgramRun run = await ProgramRun.OfAsync(StartInfo(name, arguments));
        Assert.True(run.ExitCode == 0, $"{name} ended with {run.ExitCode}: {run.Error} {run.Output}");
        return run.Output;
    }

    private static string? Find(string name) => _directories.Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
}
