using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>Makes the options of each service from its sources, and reports what services or settings have in conflict.</summary>
/// <param name="flags">The flags.</param>
/// <param name="environment">The environment.</param>
/// <param name="file">The configuration file.</param>
/// <param name="files">Reads the files that settings name.</param>
/// <param name="errors">Receives what is wrong.</param>
/// <param name="origins">Receives where values were written.</param>
internal sealed class ServiceReader(
    SettingLayer flags, SettingLayer environment, ConfigurationFile file, ConfigurationFiles files, List<ConfigurationError> errors,
    SettingOrigins origins)
{
    private readonly List<(string Service, Sourced<ListenAddress> Address)> _listeners = [];
    private readonly List<string> _warnings = [];

    // What is for one service alone. Where a service listens and which backends it has cannot be the same for two.
    private readonly SettingLayer[] _overrides = file.Services.Count == 1 ? [flags, environment] : [];

    /// <summary>What is probably a mistake in the services that were read, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Reads all services.</summary>
    public IReadOnlyList<ServiceOptions> ReadAll()
    {
        string[] misplaced = [.. flags.ServiceOrigins.Concat(environment.ServiceOrigins).Select(origin => origin.Name)];
        if (file.Services.Count > 1 && misplaced.Length > 0)
        {
            errors.Add(new ConfigurationError(
                misplaced[0],
                $"{string.Join(" and ", misplaced)} cannot be used with a configuration file of {file.Services.Count} services; "
                + "only a single service can be overridden in this way."));
        }

        return [.. file.Services.Select(Read)];
    }

    private ServiceOptions Read(ServiceSection section)
    {
        var layers = new SettingLayers(flags, environment, section.Layer, file.Defaults);
        (IReadOnlyList<BackendOptions> backends, string? backendsFile) =
            new BackendsReader(_overrides, files, errors, origins).Read(section);
        var options = new ServiceOptions
        {
            Name = section.Name,
            Listen = ReadListen(section),
            Backends = backends,
            BackendsFile = backendsFile,
        };
        options = layers.Apply(ServiceBindings.All, options, section.Name, origins);
        options = new AccessReader(layers, files).Complete(options);
        options = new TlsReader(layers, files, errors).Complete(options);
        _warnings.AddRange(IneffectiveSettings.Describe(options, new SettingLayers([.. _overrides, section.Layer])));
        if (options.FindConflict() is { } conflict && !layers.IsRefused(conflict.Wrong) && !layers.IsRefused(conflict.Other))
            errors.Add(layers.Describe(conflict));
        return options;
    }

    private IReadOnlyList<ListenAddress> ReadListen(ServiceSection section)
    {
        SourcedList<ListenAddress>? listen =
            _overrides.Select(layer => layer.Listen).FirstOrDefault(given => given is not null) ?? section.Layer.Listen;
        if (listen is null)
        {
            if (section.Origin is not null)
                errors.Add(section.Origin.Error($" listens nowhere; give {Quoted.Key(ServiceSettings.Listen.Name)}."));
            return ServiceSettings.Listen.Default;
        }

        origins.Add(section.Name, ServiceSettings.Listen, listen.Origin.ToString()!);
        if (listen is { Values: [], IsComplete: true })
            errors.Add(listen.Origin.Error(" is empty; give at least one address."));
        foreach (Sourced<ListenAddress> address in listen.Values)
            ReportIfTaken(section.Name, address);
        return [.. listen.Values.Select(address => address.Value)];
    }

    private void ReportIfTaken(string service, Sourced<ListenAddress> address)
    {
        foreach ((string other, Sourced<ListenAddress> taken) in _listeners)
        {
            if (!taken.Value.Overlaps(address.Value))
                continue;
            string owner = other == service ? "it" : $"the service {other}";
            errors.Add(address.Origin.Error($": {owner} listens on {taken.Value} already, {taken.Origin}."));
            return;
        }

        _listeners.Add((service, address));
    }
}
