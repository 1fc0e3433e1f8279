using System.CommandLine;
using LbTcp.Backends;
using LbTcp.Cli.Flags;

namespace LbTcp.Cli;

/// <summary>What <c>--validate</c> prints: what every name stands for and the value of every flag, given or not.</summary>
internal static class EffectiveSettings
{
    /// <summary>Writes the settings.</summary>
    public static void Write(TextWriter output, CommandOptions options, Resolution resolution, CommandFlags flags, ParseResult parsed)
    {
        foreach (var endPoint in resolution.Listen)
            output.WriteLine($"listen {endPoint}");
        foreach (Backend backend in resolution.Pool.GetAllBackends())
            output.WriteLine($"backend {backend.Url} = {string.Join(" ", backend.EndPoints.Current.Select(endPoint => endPoint.ToString()))}");
        output.WriteLine($"backends {options.Backends.Count} from {options.BackendsFile ?? "--backends"}");
        output.WriteLine($"max_connections {options.ConnectionLimit.Value} from {options.ConnectionLimit.Origin}");
        foreach (IFlag flag in flags.Groups.SelectMany(group => group.Flags).OfType<IFlag>())
        {
            if (flag.Show(parsed) is { } value)
                output.WriteLine($"{flag.Name} {value}");
        }
    }
}
