using System.Globalization;
using LbTcp.Admin;
using LbTcp.Cli.Terminals;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Views;

/// <summary>The state of all services as text: for each of them one line, and a table of its backends.</summary>
/// <param name="environment">The output.</param>
internal sealed class StatusView(VerbEnvironment environment)
{
    private static readonly TableColumn[] _columns =
    [
        new("BACKEND", MinimumWidth: 8), new("ADDRESS", MinimumWidth: 7), new("STATE", MinimumWidth: 9), new("WEIGHT", IsNumber: true),
        new("OPEN", IsNumber: true), new("TOTAL", IsNumber: true), new("CONNECT", IsNumber: true), new("SINCE", IsNumber: true),
        new("LAST CHECK", MinimumWidth: 10), new("REASON", MinimumWidth: 10),
    ];

    /// <summary>Writes the state.</summary>
    public void Write(StateReport state)
    {
        if (state.Process.State is not ProcessState.Running)
            environment.Output.WriteLine($"lbtcp is {state.Process.State.ToString().ToLowerInvariant()}.");
        bool isFirst = true;
        foreach (ServiceStatus service in state.Services)
        {
            if (!isFirst)
                environment.Output.WriteLine();
            isFirst = false;
            environment.Output.WriteLine(Summary(service, environment.Palette));
            WriteBackends(state.Time, [.. state.Backends.Where(backend => backend.Service == service.Name)]);
        }
    }

    /// <summary>A service in one line.</summary>
    public static string Summary(ServiceStatus service, Palette palette)
    {
        Tone tone = service.BackendsAvailable == service.Backends ? Tone.Plain : service.BackendsAvailable == 0 ? Tone.Bad : Tone.Notice;
        TrafficStatus traffic = service.Traffic;
        string available = string.Create(
            CultureInfo.InvariantCulture, $"{service.BackendsAvailable} of {service.Backends} available");
        List<string> parts =
        [
            palette.Paint(SafeText.Escape(service.Name), Tone.Heading),
            SafeText.Escape(string.Join(' ', service.Listen)),
            SafeText.Escape(service.Algorithm),
            palette.Paint(available, tone),
            string.Create(CultureInfo.InvariantCulture, $"{traffic.Open} open"),
            HumanText.PerSecond(traffic.ConnectionsPerSecond),
            $"in {HumanText.BytesPerSecond(traffic.BytesInPerSecond)}",
            $"out {HumanText.BytesPerSecond(traffic.BytesOutPerSecond)}",
        ];
        AddCount(service.AdmissionWaiting, "waiting for admission");
        AddCount(service.Queued, "queued");
        return string.Join("  ", parts);

        void AddCount(int count, string name)
        {
            if (count > 0)
                parts.Add(palette.Paint(string.Create(CultureInfo.InvariantCulture, $"{count} {name}"), Tone.Notice));
        }
    }

    private void WriteBackends(DateTimeOffset now, BackendStatus[] backends)
    {
        bool hasReasons = backends.Any(backend => BackendText.Reason(backend).Length > 0);
        var table = new TextTable(hasReasons ? _columns : _columns[..^1], indent: 2);
        foreach (BackendStatus backend in backends)
        {
            Cell[] cells =
            [
                backend.Name, backend.Address, BackendText.State(backend), BackendText.Weight(backend), BackendText.Open(backend),
                backend.Traffic.Total.ToString(CultureInfo.InvariantCulture), BackendText.Connect(backend),
                HumanText.Age(now - backend.Since), BackendText.LastCheck(backend),
            ];
            table.Add(hasReasons ? [.. cells, BackendText.Reason(backend)] : cells);
        }

        table.Write(environment.Output, environment.Palette, environment.Width);
    }
}
