using System.CommandLine;
using LbTcp.Backends;
using LbTcp.Cli.Flags;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Hosting;

namespace LbTcp.Cli;

/// <summary>
/// The output of <c>check</c> and <c>--validate</c>: the addresses of every name, the options of every backend, and the value of every
/// flag, given or not.
/// </summary>
internal static class EffectiveSettings
{
    /// <summary>Writes the settings.</summary>
    public static void Write(
        TextWriter output, Resolution resolution, ConnectionLimit limit, CommandFlags flags, ParseResult parsed)
    {
        ServiceOptions service = resolution.Service;
        foreach (var endPoint in resolution.Listen)
            output.WriteLine($"{ServiceSettings.Listen.Name} {endPoint}");
        foreach (Backend backend in resolution.Pool.GetAllBackends())
        {
            IEnumerable<string> options = BackendKeys.Format(Complete(backend.Options, service.HealthCheck));
            output.WriteLine(
                $"backend {backend.Url} = {string.Join(' ', [.. backend.EndPoints.Select(endPoint => endPoint.ToString()), .. options])}");
        }

        string origin = SafeText.Escape(service.BackendsFile ?? FlagName.Of(ServiceSettings.Backends));
        output.WriteLine($"{ServiceSettings.Backends.Name} {service.Backends.Count} from {origin}");
        output.WriteLine($"{HostSettings.MaxConnections.Name} {limit.Value} from {limit.Origin}");
        foreach (IFlag flag in flags.Groups.SelectMany(group => group.Flags).OfType<IFlag>())
        {
            if (flag.Format(parsed) is { } value)
                output.WriteLine($"{flag.Name} {value}");
        }
    }

    // Adds what applies to all backends, and leaves out what has no effect with the kind of check.
    private static BackendOptions Complete(BackendOptions backend, HealthCheckOptions checks)
    {
        CheckKind kind = checks.KindFor(backend);
        return backend with
        {
            Check = kind,
            HealthPath = kind is CheckKind.Http ? checks.PathFor(backend) : null,
            CheckPort = kind is CheckKind.None ? null : backend.CheckPort,
            CheckInterval = kind is CheckKind.None ? null : checks.IntervalFor(backend),
        };
    }
}
