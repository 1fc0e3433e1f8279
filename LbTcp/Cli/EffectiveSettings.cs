using System.CommandLine;
using LbTcp.Backends;
using LbTcp.Cli.Flags;
using LbTcp.Configuration;
using LbTcp.Hosting;

namespace LbTcp.Cli;

/// <summary>What <c>--validate</c> prints: what every name stands for, how each backend is used and checked, and the value of every
/// flag, given or not.</summary>
internal static class EffectiveSettings
{
    /// <summary>Writes the settings.</summary>
    public static void Write(TextWriter output, CommandOptions options, Resolution resolution, CommandFlags flags, ParseResult parsed)
    {
        foreach (var endPoint in resolution.Listen)
            output.WriteLine($"listen {endPoint}");
        foreach (Backend backend in resolution.Pool.GetAllBackends())
            output.WriteLine($"backend {backend.Url} = {string.Join(" ", [.. backend.EndPoints.Current, .. Describe(backend, options.HealthCheck)])}");
        output.WriteLine($"backends {options.Backends.Count} from {options.BackendsFile ?? "--backends"}");
        output.WriteLine($"max_connections {options.ConnectionLimit.Value} from {options.ConnectionLimit.Origin}");
        foreach (IFlag flag in flags.Groups.SelectMany(group => group.Flags).OfType<IFlag>())
        {
            if (flag.Show(parsed) is { } value)
                output.WriteLine($"{flag.Name} {value}");
        }
    }

    // As the operator would write it, with what the flags say where the backend says nothing.
    private static IEnumerable<string> Describe(Backend backend, HealthCheckOptions checks)
    {
        BackendOptions options = backend.Options;
        CheckKind check = checks.KindFor(options);
        if (options.Name is { } name)
            yield return $"name={name}";
        yield return $"weight={options.Weight}";
        if (options.IsBackup)
            yield return "backup";
        if (options.MaxConnections > 0)
            yield return $"max_connections={options.MaxConnections}";
        yield return $"check={check.ToString().ToLowerInvariant()}";
        if (check is CheckKind.None)
            yield break;
        if (check is CheckKind.Http)
            yield return $"health_path={checks.PathFor(options)}";
        if (options.CheckPort is { } port)
            yield return $"check_port={port}";
        yield return $"check_interval={Duration.Format(checks.IntervalFor(options))}";
    }
}
