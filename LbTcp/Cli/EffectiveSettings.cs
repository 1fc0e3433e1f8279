using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Configuration.Sources;
using LbTcp.Hosting;

namespace LbTcp.Cli;

/// <summary>
/// The output of <c>check</c> and <c>--validate</c>: for each service the addresses of every name, the options of every backend and the
/// value of every setting, given or not, with its origin; then the settings of the process.
/// </summary>
/// <param name="output">Receives the settings.</param>
/// <param name="origins">Where the values were written.</param>
internal sealed class EffectiveSettings(TextWriter output, SettingOrigins origins)
{
    /// <summary>Writes the settings of all services and of the process.</summary>
    /// <param name="options">The options of the process.</param>
    /// <param name="resolutions">Its services.</param>
    /// <param name="limit">The limit of client connections.</param>
    public void Write(HostOptions options, IReadOnlyList<Resolution> resolutions, ConnectionLimit limit)
    {
        foreach (Resolution resolution in resolutions)
        {
            if (resolutions.Count > 1)
                output.WriteLine($"service {resolution.Service.Name}");
            Write(resolution);
        }

        if (resolutions.Count > 1)
            output.WriteLine("process");
        string origin = limit.Value == options.MaxConnections ? origins.Describe(null, HostSettings.MaxConnections) : limit.Origin;
        output.WriteLine($"{HostSettings.MaxConnections.Name} {limit.Value}  from {origin}");
        Write(HostBindings.All.Where(binding => binding.Setting != HostSettings.MaxConnections), options, service: null);
    }

    private void Write(Resolution resolution)
    {
        ServiceOptions service = resolution.Service;
        string from = origins.Describe(service.Name, ServiceSettings.Listen);
        foreach (var endPoint in resolution.Listen)
            output.WriteLine($"{ServiceSettings.Listen.Name} {endPoint}  from {from}");
        foreach (Backend backend in resolution.Pool.GetAllBackends())
        {
            IEnumerable<string> options = BackendKeys.Format(Complete(backend.Options, service.HealthCheck));
            output.WriteLine(
                $"backend {backend.Url} = {string.Join(' ', [.. backend.EndPoints.Select(endPoint => endPoint.ToString()), .. options])}");
        }

        string origin = origins.Describe(service.Name, ServiceSettings.Backends);
        output.WriteLine($"{ServiceSettings.Backends.Name} {service.Backends.Count}  from {origin}");
        Write(ServiceBindings.All, service, service.Name);
    }

    private void Write<TOptions>(IEnumerable<SettingBinding<TOptions>> bindings, TOptions options, string? service)
        where TOptions : class
    {
        foreach (SettingBinding<TOptions> binding in bindings)
        {
            if (binding.Format(options) is { } value)
                output.WriteLine($"{binding.Setting.Name} {value}  from {origins.Describe(service, binding.Setting)}");
        }
    }

    // Adds what applies to all backends, and leaves out what has no effect with the kind of check.
    private static BackendOptions Complete(BackendOptions backend, HealthCheckOptions checks)
    {
        CheckKind kind = checks.KindFor(backend);
        return backend with
        {
            Check = kind is CheckKind.Expect ? CheckKind.Tcp : kind,
            CheckSend = kind is CheckKind.Expect ? checks.SendFor(backend) : null,
            CheckExpect = kind is CheckKind.Expect ? checks.ExpectFor(backend) : null,
            HealthPath = kind is CheckKind.Http or CheckKind.Https ? checks.PathFor(backend) : null,
            CheckPort = kind is CheckKind.None ? null : backend.CheckPort,
            CheckInterval = kind is CheckKind.None ? null : checks.IntervalFor(backend),
        };
    }
}
