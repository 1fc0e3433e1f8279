using System.Diagnostics;
using System.Runtime.InteropServices;
using LbTcp.Tests.Repository;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>
/// The program under test: <c>LBTCP_BINARY</c> if that is set; otherwise the native binary <c>dist/lbtcp</c> if it is newer than every
/// source file, as it starts in a tenth of the time; otherwise the program that was built with these tests.
/// </summary>
internal static class LbTcpBinary
{
    private static readonly string _path = Environment.GetEnvironmentVariable("LBTCP_BINARY") is { Length: > 0 } path
        ? Path.GetFullPath(path)
        : FreshNativeBinary() ?? Path.Combine(AppContext.BaseDirectory, "lbtcp");

    // A process that was started in the background of a script, or with nohup, ignores SIGINT and SIGQUIT, and so do its children.
    private static readonly bool _ignoresHostSignals = IgnoresHostSignals();

    /// <summary>Whether it is compiled to machine code, without a runtime that opens files of its own as it goes.</summary>
    public static bool IsNative => !File.Exists(Path.ChangeExtension(_path, ".dll"));

    /// <summary>How to start it with its streams redirected and its environment free of what would change it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="shell">
    /// A shell script that prepares the ground and ends in <c>exec "$0" "$@"</c>, which becomes the program; null for none.
    /// </param>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments, string? shell = null)
    {
        IEnumerable<string> command = shell is null ? [_path, .. arguments] : ["/bin/sh", "-c", shell, _path, .. arguments];
        if (_ignoresHostSignals)
            command = ["/usr/bin/env", "--default-signal=INT,QUIT", .. command];
        var info = new ProcessStartInfo(command.First(), command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Remove("NO_COLOR");
        foreach (string name in info.Environment.Keys.Where(name => name.StartsWith("LBTCP_", StringComparison.Ordinal)).ToArray())
            info.Environment.Remove(name);
        info.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        return info;
    }

    private static bool IgnoresHostSignals()
    {
        const string Row = "SigIgn:";
        const ulong IntAndQuit = (1 << (Posix.SigInt - 1)) | (1 << (Posix.SigQuit - 1));
        string? row = OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal))
            : null;
        return row is not null && (Convert.ToUInt64(row[Row.Length..].Trim(), 16) & IntAndQuit) != 0;
    }

    private static string? FreshNativeBinary()
    {
        var binary = new FileInfo(Path.Combine(RepositoryFiles.Root.FullName, "dist", "lbtcp"));
        IEnumerable<FileInfo> sources = RepositoryFiles.Below("LbTcp").Concat(RepositoryFiles.Root.EnumerateFiles("*.props"));
        return binary.Exists && sources.All(source => source.LastWriteTimeUtc < binary.LastWriteTimeUtc) ? binary.FullName : null;
    }
}
