using System.CommandLine;
using System.Net;
using LbTcp.Admin;
using LbTcp.Configuration;
using LbTcp.Demo;
using LbTcp.Hosting;

namespace LbTcp.Cli;

/// <summary><c>lbtcp demo</c>: the balancer with three small HTTP servers behind it, all in one process.</summary>
internal sealed class DemoCommand : Command
{
    private static readonly TimeSpan _flapPause = TimeSpan.FromSeconds(6);
    private static readonly int[] _ports = [3001, 3002, 3003];

    private readonly Option<bool> _flap = new("--flap") { Arity = ArgumentArity.Zero };
    private readonly TextWriter _output;
    private readonly Func<string[], HostOptions> _read;

    /// <summary>Declares the command.</summary>
    /// <param name="output">Receives the output of the demo itself.</param>
    /// <param name="read">Reads the arguments of the balancer.</param>
    public DemoCommand(TextWriter output, Func<string[], HostOptions> read)
        : base("demo")
    {
        _output = output;
        _read = read;
        Hidden = true; // for trying the program out, not for operators
        Add(_flap);
        SetAction(RunAsync);
    }

    /// <summary>The arguments of the balancer.</summary>
    public static string[] BalancerArguments { get; } =
        ["--listen", "127.0.0.1:8080", "--admin", "127.0.0.1:9900", "--backends", .. _ports.Select(port => $"http://127.0.0.1:{port}")];

    private async Task<int> RunAsync(ParseResult parsed)
    {
        HostOptions options = _read(BalancerArguments);
        using var host = new Host(new ConfigurationResult(options, [], []), read: null, AdminCompanion.For(options));
        DemoBackend[] backends = [.. _ports.Select(port => new DemoBackend($"backend {port}", new IPEndPoint(IPAddress.Loopback, port)))];
        try
        {
            Start(backends);
            WriteIntroduction();
            Task flapping = parsed.GetValue(_flap) ? FlapAsync(backends, host.Stopping) : Task.CompletedTask;
            bool isClean = await host.ServeAsync();
            await flapping;
            return (int)(isClean ? ExitCode.Success : ExitCode.Failure);
        }
        finally
        {
            foreach (DemoBackend backend in backends)
                backend.Dispose();
        }
    }

    private static void Start(DemoBackend[] backends)
    {
        try
        {
            foreach (DemoBackend backend in backends)
                _ = backend.Start();
        }
        catch (IOException exception)
        {
            throw new OperatorException(ExitCode.Failure, exception.Message);
        }
    }

    private void WriteIntroduction() => _output.WriteLine($"""
        Three backends are running on 127.0.0.1, ports {string.Join(", ", _ports)}, and in front of them:
          lbtcp {string.Join(' ', BalancerArguments)}
        Try in another terminal:
          curl http://127.0.0.1:8080/
          for i in 1 2 3 4 5 6; do curl -s http://127.0.0.1:8080/; done
          lbtcp status --admin 127.0.0.1:9900
        See it in a browser:
          http://127.0.0.1:9900/
        Ctrl+C ends the demo.

        """);

    private async Task FlapAsync(DemoBackend[] backends, CancellationToken stopping)
    {
        try
        {
            for (int turn = 0; ; turn++)
            {
                DemoBackend backend = backends[turn % backends.Length];
                await Task.Delay(_flapPause, stopping);
                backend.Stop();
                await _output.WriteLineAsync($"demo: {backend.Name} goes down");
                await Task.Delay(_flapPause, stopping);
                _ = backend.Start();
                await _output.WriteLineAsync($"demo: {backend.Name} comes up");
            }
        }
        catch (OperationCanceledException)
        {
            // The demo ends.
        }
    }
}
