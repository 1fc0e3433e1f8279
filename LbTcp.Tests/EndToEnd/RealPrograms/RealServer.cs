using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>A server program on a port that stays reserved for it, so that it can be killed and started again.</summary>
internal sealed class RealServer : IDisposable
{
    private readonly ReservedPort _port;
    private readonly string _directory = Directory.CreateTempSubdirectory("lbtcp-test-").FullName;
    private readonly ProcessStartInfo _startInfo;
    private readonly int _stopSignal;
    private Process? _process;
    private Task<string> _log = Task.FromResult("");

    /// <summary>Prepares a program.</summary>
    /// <param name="startInfo">How it is started for an address, in a directory of its own that is empty.</param>
    /// <param name="stopSignal">The signal that ends it.</param>
    public RealServer(Func<IPEndPoint, string, ProcessStartInfo> startInfo, int stopSignal = Posix.SigKill)
        : this(address: null, startInfo, stopSignal)
    {
    }

    /// <summary>Prepares a program at <paramref name="address"/>, 127.0.0.1 when null.</summary>
    public RealServer(IPAddress? address, Func<IPEndPoint, string, ProcessStartInfo> startInfo, int stopSignal = Posix.SigKill)
    {
        _port = new ReservedPort(address);
        _stopSignal = stopSignal;
        _startInfo = startInfo(_port.EndPoint, _directory);
        _startInfo.RedirectStandardOutput = _startInfo.RedirectStandardError = true;
    }

    public IPEndPoint EndPoint => _port.EndPoint;

    /// <summary>The path of a file in its directory.</summary>
    public string this[string name] => Path.Combine(_directory, name);

    /// <summary>An empty redis that writes nothing to disk.</summary>
    public static RealServer Redis() => RedisWith();

    /// <summary>A redis with more settings.</summary>
    public static RealServer RedisWith(params IEnumerable<string> settings) => new((endPoint, directory) => RealProgram.StartInfo(
        "redis-server",
        [
            "--bind", $"{endPoint.Address}", "--port", $"{endPoint.Port}", "--dir", directory, "--save", "", "--appendonly", "no",
            .. settings,
        ]));

    /// <summary>A memcached that logs errors and warnings.</summary>
    public static RealServer Memcached(params IEnumerable<string> arguments) => new((endPoint, _) => RealProgram.StartInfo(
        "memcached",
        [
            "-l", $"{endPoint.Address}", "-p", $"{endPoint.Port}", "-U", "0", "-t", "1", "-v", "-u", Environment.UserName, .. arguments,
        ]));

    /// <summary>A mail server that logs its sessions.</summary>
    public static RealServer Smtp() => new((endPoint, _) => RealProgram.StartInfo("aiosmtpd", "-n", "-d", "-l", $"{endPoint}"));

    /// <summary>An nginx in one process that answers <c>/health</c>, says its port at <c>/port</c>, and has a file.</summary>
    public static RealServer Nginx(string fileName, byte[] content) => new((endPoint, directory) =>
    {
        File.WriteAllBytes(Path.Combine(directory, fileName), content);
        string configuration = Path.Combine(directory, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            daemon off;
            master_process off;
            pid {{directory}}/pid;
            events { worker_connections 512; }
            http {
                access_log off;
                client_body_temp_path {{directory}}/1;
                proxy_temp_path {{directory}}/2;
                fastcgi_temp_path {{directory}}/3;
                uwsgi_temp_path {{directory}}/4;
                scgi_temp_path {{directory}}/5;
                server {
                    listen {{endPoint}};
                    location = /health { return 200; }
                    location = /port { return 200 {{endPoint.Port}}; }
                    location / { root {{directory}}; }
                }
            }
            """);
        return RealProgram.StartInfo("nginx", "-e", Path.Combine(directory, "error.log"), "-c", configuration);
    });

    /// <summary>A Prometheus that scrapes the targets five times a second.</summary>
    public static RealServer Prometheus(params IEnumerable<IPEndPoint> targets) => new((endPoint, directory) =>
    {
        string configuration = Path.Combine(directory, "prometheus.yml");
        File.WriteAllText(configuration, $$"""
            global: { scrape_interval: 200ms, scrape_timeout: 200ms }
            scrape_configs:
              - job_name: lbtcp
                static_configs: [{ targets: [{{string.Join(", ", targets.Select(target => $"'{target}'"))}}] }]
            """);
        return RealProgram.StartInfo(
            "prometheus",
            $"--config.file={configuration}", $"--storage.tsdb.path={directory}/data", $"--web.listen-address={endPoint}");
    });

    /// <summary>Starts it and waits until it accepts connections.</summary>
    public async Task StartAsync()
    {
        _process = Process.Start(_startInfo)!;
        _log = ReadLogAsync(_process);
        await Until.TrueAsync(() => _process.HasExited || Accepts(), $"{_startInfo.FileName} accepts connections");
        if (_process.HasExited)
            throw new InvalidOperationException($"{_startInfo.FileName} ended: {await _log}");
    }

    /// <summary>Kills it; its connections end as the system ends them.</summary>
    public void Kill()
    {
        if (_stopSignal is Posix.SigKill || _process!.HasExited)
        {
            _process!.Kill();
        }
        else
        {
            Resume();
            Signal(_stopSignal);
        }

        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Kills it.</summary>
    /// <returns>What it wrote to standard output and standard error.</returns>
    public Task<string> KillAndReadLogAsync()
    {
        Kill();
        return _log;
    }

    /// <summary>Stops it: the system still accepts connections for it, and it does not answer.</summary>
    public void Pause() => Signal(Posix.SigStop);

    /// <summary>Lets it go on.</summary>
    public void Resume() => Signal(Posix.SigCont);

    /// <summary>Reads a file of its directory.</summary>
    public string ReadFile(string name) => File.ReadAllText(Path.Combine(_directory, name));

    public void Dispose()
    {
        if (_process is not null)
            Kill();
        _port.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<string> ReadLogAsync(Process process)
    {
        string[] texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        return string.Concat(texts);
    }

    private void Signal(int signal) => Posix.Kill(_process!.Id, signal);

    private bool Accepts()
    {
        using var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(EndPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
