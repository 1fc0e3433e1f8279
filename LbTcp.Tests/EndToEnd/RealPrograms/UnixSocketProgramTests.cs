using System.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>Unix sockets of programs that operators use.</summary>
public sealed class UnixSocketProgramTests : RealProgramScenario
{
    private readonly UnixBackend _files;
    private readonly string _directory;

    public UnixSocketProgramTests()
    {
        _files = Own(new UnixBackend());
        _directory = Path.GetDirectoryName(_files.EndPoint.Path)!;
    }

    private string Listen => Path.Combine(_directory, "web.sock");

    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task RedisCli_ThroughUnixSocketsOnBothSides_GetsWhatItSet(string transport)
    {
        RealProgram.Require("redis-server", "redis-cli");
        string path = Path.Combine(_directory, "redis.sock");
        _ = await StartServerAsync("redis-server", path, "--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no");
        _ = await StartAsync([], "--transport", transport, "--listen", $"unix:{Listen}", "--backends", $"unix:{path}");
        string value = Convert.ToBase64String(Payload.Random(50_000));

        Assert.Equal("OK\n", await RealProgram.RunAsync("redis-cli", "-s", Listen, "SET", "key", value));
        Assert.Equal($"{value}\n", await RealProgram.RunAsync("redis-cli", "-s", Listen, "GET", "key"));
    }

    [SkippableFact]
    public async Task Curl_ThroughAUnixSocketToATcpBackend_GetsTheAnswer()
    {
        RealProgram.Require("curl");
        HttpBackend backend = Own(new HttpBackend());
        _ = await StartAsync([backend.EndPoint], "--listen", $"unix:{Listen}");

        Assert.Equal("hello", await RealProgram.RunAsync("curl", "-s", "--unix-socket", Listen, "http://localhost/"));
    }

    [SkippableFact]
    public async Task Socat_HalfCloses_GetsTheAnswerOfABackendAtATcpPort()
    {
        RealProgram.Require("socat");
        LbTcpProcess lbtcp = await StartAsync([], "--backends", $"{_files.EndPoint}");
        string file = Path.Combine(_directory, "sent");
        byte[] sent = Payload.Random(1024 * 1024);
        await File.WriteAllBytesAsync(file, sent);
        string answer = Path.Combine(_directory, "received");

        _ = await RealProgram.RunAsync("socat", "-t", "10", $"OPEN:{file},rdonly!!CREATE:{answer}", $"TCP:{lbtcp.EndPoint}");

        Assert.Equal(Payload.Hash(sent), Payload.Hash(await File.ReadAllBytesAsync(answer)));
    }

    // Until its socket is there.
    private async Task<Process> StartServerAsync(string name, string socket, params string[] arguments)
    {
        ProcessStartInfo info = RealProgram.StartInfo(name, ["--dir", _directory, .. arguments]);
        info.RedirectStandardOutput = true;
        Process process = Own(new RunningServer(Process.Start(info)!)).Process;
        _ = process.StandardOutput.ReadToEndAsync();
        await Until.TrueAsync(() => File.Exists(socket), $"{name} listens");
        return process;
    }

    private sealed class RunningServer(Process process) : IDisposable
    {
        public Process Process => process;

        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
