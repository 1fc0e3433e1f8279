using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using LbTcp.Diagnostics;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>The program under test, running.</summary>
internal sealed partial class LbTcpProcess : IDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<JsonLogRecord> _records = [];
    private readonly Task _output;
    private readonly Task<string> _error;

    private LbTcpProcess(Process process, bool isReading)
    {
        _process = process;
        _output = isReading ? ReadLinesAsync(process.StandardOutput) : Task.CompletedTask;
        _error = process.StandardError.ReadToEndAsync();
        Facts = new ProcessFacts(process.Id);
    }

    public int Id => _process.Id;

    /// <summary>What the system knows about it.</summary>
    public ProcessFacts Facts { get; }

    /// <summary>Where it listens, in the order of the flags; without unix sockets.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; } = [];

    /// <summary>Where clients connect.</summary>
    public IPEndPoint EndPoint => EndPoints[0];

    public bool HasExited => _process.HasExited;

    /// <summary>The standard output, when the process was started without a reader.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>The lines it has logged so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    private int Listeners => Lines.Count(line => line.Contains("listening on ", StringComparison.Ordinal));

    private IReadOnlyList<IPEndPoint> Announced => [.. Lines
        .Select(line => ListeningLine().Match(line))
        .Where(match => match.Success)
        .Select(match => IPEndPoint.Parse(match.Groups[1].Value))];

    private string LastWords => $"it said\n{string.Join('\n', Lines.TakeLast(20))}";

    /// <summary>Starts it and waits until it is ready for clients.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="shell">See <see cref="LbTcpBinary.StartInfo"/>.</param>
    /// <param name="isReading">Whether its log is read; without, readiness is seen from outside.</param>
    public static async Task<LbTcpProcess> StartAsync(IReadOnlyCollection<string> arguments, string? shell = null, bool isReading = true)
    {
        var started = new LbTcpProcess(Process.Start(LbTcpBinary.StartInfo(arguments, shell))!, isReading);
        int count = Math.Max(1, arguments.Count(argument => argument is "-l" or "--listen"));
        try
        {
            await Until.TrueAsync(
                () => started.HasExited || (isReading ? started.Listeners : started.Facts.Listeners.Count) >= count,
                () => $"ready for clients; {started.LastWords}");
            started.EndPoints = isReading ? started.Announced : started.Facts.Listeners;
            return started.HasExited
                ? throw new InvalidOperationException($"lbtcp ended with {started._process.ExitCode} at start: {await started._error}")
                : started;
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    /// <summary>The records of one kind logged so far.</summary>
    /// <param name="eventId">One of <see cref="EventIds"/>.</param>
    /// <exception cref="JsonException">It does not log in JSON.</exception>
    public IReadOnlyList<JsonLogRecord> Records(int eventId)
    {
        lock (_gate)
        {
            _records.AddRange(_lines.Skip(_records.Count).Select(line => new JsonLogRecord(line)));
            return [.. _records.Where(record => record.Event == eventId)];
        }
    }

    /// <summary>Waits until <paramref name="count"/> records of a kind were logged.</summary>
    /// <returns>All records of that kind.</returns>
    public async Task<IReadOnlyList<JsonLogRecord>> RecordsAsync(int eventId, int count = 1)
    {
        await Until.TrueAsync(
            () => Records(eventId).Count >= count, () => $"{count} records of event {eventId}; {LastWords}");
        return Records(eventId);
    }

    /// <summary>Waits for the first record of a kind.</summary>
    public async Task<JsonLogRecord> RecordAsync(int eventId) => (await RecordsAsync(eventId))[0];

    /// <summary>Waits for the end records of <paramref name="count"/> connections.</summary>
    public Task<IReadOnlyList<JsonLogRecord>> EndRecordsAsync(int count) => RecordsAsync(EventIds.ConnectionClosed, count);

    /// <summary>Waits for the end record of the only connection.</summary>
    public async Task<JsonLogRecord> EndRecordAsync() => Assert.Single(await EndRecordsAsync(1));

    public void Signal(int signal) => Posix.Kill(Id, signal);

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitCodeAsync()
    {
        await Until.TrueAsync(() => HasExited, () => $"the end of the process; {LastWords}");
        await _output;
        return _process.ExitCode;
    }

    /// <summary>What it wrote to standard error; call it after its end.</summary>
    public Task<string> ErrorAsync() => _error;

    public void Dispose()
    {
        if (!HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task ReadLinesAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_gate)
                _lines.Add(line);
        }
    }

    [GeneratedRegex("""listening on ([0-9a-f.:%\[\]]+:[0-9]+)""")]
    private static partial Regex ListeningLine();
}
