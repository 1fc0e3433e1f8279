using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>A dnsmasq for the zone <c>test</c>, whose records live for one second.</summary>
internal sealed class NameServer : IDisposable
{
    private const int Hangup = 1;

    private readonly ReservedPort _port = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("lbtcp-test-").FullName;
    private readonly Process _process;

    private NameServer(string[] services, string records)
    {
        File.WriteAllText(Zone, records);
        ProcessStartInfo start = RealProgram.StartInfo(
            "dnsmasq",
            [
                "--keep-in-foreground", "--user=root", "--pid-file=", "--log-facility=-", "--conf-file=/dev/null",
                "--no-resolv", "--no-hosts", $"--addn-hosts={Zone}", "--local=/test/",
                "--local-ttl=1", $"--port={EndPoint.Port}", $"--listen-address={EndPoint.Address}", "--bind-interfaces",
                .. services.Select(service => $"--srv-host={service}"),
            ]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
    }

    public IPEndPoint EndPoint => _port.EndPoint;

    private string Zone => Path.Combine(_directory, "zone");

    /// <summary>Starts one, and waits until it accepts connections.</summary>
    /// <param name="records">Lines of an address and names.</param>
    /// <param name="services">SRV records: name, target, port, priority, weight.</param>
    public static async Task<NameServer> StartAsync(string records, params string[] services)
    {
        var server = new NameServer(services, records);
        _ = server._process.StandardOutput.ReadToEndAsync();
        Task<string> error = server._process.StandardError.ReadToEndAsync();
        await Until.TrueAsync(() => server._process.HasExited || server.Accepts(), "dnsmasq accepts connections");
        return server._process.HasExited ? throw new InvalidOperationException($"dnsmasq ended: {await error}") : server;
    }

    /// <summary>Replaces the address records.</summary>
    public void Replace(string records)
    {
        File.WriteAllText(Zone, records);
        Posix.Kill(_process.Id, Hangup);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _port.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private bool Accepts()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
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
