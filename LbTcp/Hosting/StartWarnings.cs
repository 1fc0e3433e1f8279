using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Hosting;

/// <summary>Settings that are probably wrong but do not prevent the start, in one or two sentences each.</summary>
internal static class StartWarnings
{
    /// <summary>The warnings for the process and each of its services.</summary>
    public static IEnumerable<string> Of(ConnectionLimit limit, IEnumerable<Resolution> services)
    {
        IEnumerable<string> warnings = services.SelectMany(Of);
        return limit.Warning is { } warning ? warnings.Prepend(warning) : warnings;
    }

    /// <summary>The warnings for a service.</summary>
    public static IEnumerable<string> Of(Resolution resolution)
    {
        ServiceOptions options = resolution.Service;
        if (options.Forwarding.IdleTimeout == TimeSpan.Zero)
            yield return "--idle-timeout is off: a connection whose peers stay silent is never closed.";
        if (options.BackendsFile is { } file && BackendsFile.IsWritableByAnyone(file))
            yield return $"{SafeText.Escape(file)} is writable by every user of this system, who can redirect clients.";
        foreach (string problem in resolution.Unresolved)
            yield return problem;
        foreach (string problem in SharedAddresses.Describe(resolution.Pool.GetAllBackends()))
            yield return problem;
        foreach (Backend backend in resolution.Pool.GetAllBackends())
        {
            if (backend.Options.HealthPath is not null && options.HealthCheck.KindFor(backend.Options) is not CheckKind.Http)
                yield return $"The health_path of {backend.Name} is ignored: the backend is not checked by HTTP; add check=http.";
        }
    }
}
