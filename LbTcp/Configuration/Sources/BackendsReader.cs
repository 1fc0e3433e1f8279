using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>
/// Reads which backends a service has. The source that takes precedence decides alone: flags, then the environment, then the service in
/// the configuration file, which may both list backends and name a file. Flags or the environment give either.
/// </summary>
/// <param name="overrides">Flags and environment, the one that takes precedence first; none where there are several services.</param>
/// <param name="files">Reads the files that settings name.</param>
/// <param name="errors">Receives what is wrong.</param>
/// <param name="origins">Receives where the backends were written.</param>
internal sealed class BackendsReader(
    IReadOnlyList<SettingLayer> overrides, ConfigurationFiles files, List<ConfigurationError> errors, SettingOrigins origins)
{
    /// <summary>Reads the backends of a service.</summary>
    /// <returns>The backends, and the file that lists them or some of them; null without a file.</returns>
    public (IReadOnlyList<BackendOptions> Backends, string? File) Read(ServiceSection section)
    {
        SettingLayer layer = overrides.FirstOrDefault(HasBackends) ?? section.Layer;
        if (!HasBackends(layer))
            return section.Origin is null ? ReadDefaultFile(section) : ReportNone(section.Origin);
        Sourced<string>? file = layer.Find(ServiceSettings.BackendsFile);
        SourcedList<BackendOptions>? listed = layer.Backends;
        if (listed is not null && file is not null && layer != section.Layer)
        {
            errors.Add(listed.Origin.Error($" and {file.Origin.Name} exclude each other; use one of them."));
            return ([], null);
        }

        string? path = file?.Origin.PathOf(file.Value);
        string[] sources = [.. new[] { listed?.Origin.ToString(), path is null ? null : SafeText.Escape(path) }.OfType<string>()];
        origins.Add(section.Name, ServiceSettings.Backends, string.Join(" and ", sources));
        return (Combine(listed, path), path);
    }

    private static bool HasBackends(SettingLayer layer) =>
        layer.Backends is not null
        || layer.Find(ServiceSettings.BackendsFile) is not null
        || layer.IsRefused(ServiceSettings.BackendsFile);

    private IReadOnlyList<BackendOptions> Combine(SourcedList<BackendOptions>? listed, string? path)
    {
        IReadOnlyList<BackendOptions> inFile = ReadFile(path);
        if (listed is null)
            return inFile;
        if (listed is { Values: [], IsComplete: true } && path is null)
            errors.Add(listed.Origin.Error(" is empty; list at least one backend."));
        HashSet<string> identities = [.. inFile.SelectMany(backend => backend.Identities)];
        foreach (Sourced<BackendOptions> backend in listed.Values)
        {
            if (backend.Value.Identities.FirstOrDefault(identities.Contains) is { } identity)
                errors.Add(backend.Origin.Error($": {identity} is listed in {SafeText.Escape(path!)} as well."));
        }

        return [.. listed.Values.Select(backend => backend.Value), .. inFile];
    }

    private IReadOnlyList<BackendOptions> ReadFile(string? path) => (path is null ? null : files.Backends.Read(path)) ?? [];

    // What is wrong already may be the reason that there are none.
    private (IReadOnlyList<BackendOptions> Backends, string? File) ReadDefaultFile(ServiceSection section)
    {
        const string Path = ServiceSettings.DefaultBackendsFile;
        if (File.Exists(Path))
        {
            origins.Add(section.Name, ServiceSettings.Backends, Path);
            return (ReadFile(Path), Path);
        }

        files.Backends.Miss(Path);
        if (errors.Count == 0)
        {
            string flag = ServiceSettings.Backends.Flag;
            errors.Add(new ConfigurationError(
                flag,
                $"There are no backends: give {flag} host:port..., or list them in {Path} here, or name a file with "
                + $"{ServiceSettings.BackendsFile.Flag}."));
        }

        return ([], null);
    }

    private (IReadOnlyList<BackendOptions> Backends, string? File) ReportNone(Origin service)
    {
        string list = Quoted.Key(ServiceSettings.Backends.Name);
        string file = Quoted.Key(ServiceSettings.BackendsFile.Name);
        errors.Add(service.Error($" has no backends; give {list}, {file} or both."));
        return ([], null);
    }
}
