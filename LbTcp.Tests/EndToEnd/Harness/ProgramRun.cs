using System.Diagnostics;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>A run of a program that ended by itself.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the program under test to its end.</summary>
    public static Task<ProgramRun> OfLbTcpAsync(params IEnumerable<string> arguments) => OfAsync(LbTcpBinary.StartInfo(arguments));

    /// <summary>Runs a program to its end, and kills it when it does not come to one.</summary>
    /// <exception cref="TimeoutException">It was still running at the deadline.</exception>
    public static async Task<ProgramRun> OfAsync(ProcessStartInfo info)
    {
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        using Process process = Process.Start(info)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            string name = $"{info.FileName} {string.Join(' ', info.ArgumentList)}";
            await Until.TrueAsync(() => process.HasExited, $"the end of {name}", 3 * Until.Patience);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        return new ProgramRun(process.ExitCode, await output, await error);
    }
}
