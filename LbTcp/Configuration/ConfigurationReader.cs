using LbTcp.Configuration.Settings;
using LbTcp.Configuration.Sources;

namespace LbTcp.Configuration;

/// <summary>
/// Reads the configuration of the process from all of its sources. A flag takes precedence over an environment variable, that over the
/// configuration file (a service over its defaults), and that over the default of the setting. May be called again: flags and environment
/// stay as they were at the start, files are read anew.
/// </summary>
/// <param name="flags">The texts of the flags that were given.</param>
/// <param name="environment">The environment variables of the process.</param>
internal sealed class ConfigurationReader(
    IReadOnlyDictionary<Setting, IReadOnlyList<string>> flags, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Reads everything.</summary>
    public ConfigurationResult Read()
    {
        List<ConfigurationError> errors = [];
        var origins = new SettingOrigins();
        SettingLayer fromFlags = ReadFlags(errors);
        SettingLayer fromEnvironment = EnvironmentVariables.Read(environment, errors);
        string? path = new SettingLayers(fromFlags, fromEnvironment).Find(ServiceSettings.ConfigurationFile)?.Value;
        ConfigurationFile? file = path is null ? ConfigurationFile.None(errors) : ConfigurationFile.Read(path, errors);
        var files = new ConfigurationFiles(errors);
        ServiceReader? services = file is null ? null : new(fromFlags, fromEnvironment, file, files, errors, origins);
        HostOptions? options = services?.ReadAll() is not { } read ? null
            : ReadHost(new SettingLayers(fromFlags, fromEnvironment, file!.Process), read, errors, origins);
        return new ConfigurationResult(errors.Count == 0 ? options : null, InOrder(errors), FullPaths(path, files.Paths))
        {
            Warnings =
            [
                .. EnvironmentVariables.DescribeUnknown(environment),
                .. services?.Warnings ?? [],
                .. AdminAccess.FindWarnings(options),
            ],
            Origins = origins,
        };
    }

    private static HostOptions ReadHost(
        SettingLayers layers, IReadOnlyList<ServiceOptions> services, List<ConfigurationError> errors, SettingOrigins origins)
    {
        HostOptions options = layers.Apply(HostBindings.All, new HostOptions { Services = services }, service: null, origins);
        if (options.Discovery.FindConflict() is { } conflict && !layers.IsRefused(conflict.Wrong) && !layers.IsRefused(conflict.Other))
            errors.Add(layers.Describe(conflict));
        if (options.LogFile is { } path && layers.Find(HostSettings.LogFile)?.Origin is { } origin)
            options = options with { LogFile = origin.PathOf(path) };
        return new AdminReader(layers, errors).Complete(options);
    }

    private SettingLayer ReadFlags(List<ConfigurationError> errors)
    {
        var layer = new SettingLayer(errors);
        foreach ((Setting setting, IReadOnlyList<string> texts) in flags)
            layer.Add(setting, texts, WordOrigin.Flag(setting));
        return layer;
    }

    // Source by source, and the mistakes of a file from its start to its end.
    private static ConfigurationError[] InOrder(List<ConfigurationError> errors)
    {
        List<string> sources = [.. errors.Select(error => error.Source).Distinct()];
        return [.. errors.OrderBy(error => sources.IndexOf(error.Source)).ThenBy(error => error.Line).ThenBy(error => error.Column)];
    }

    private static string[] FullPaths(string? file, IEnumerable<string> named) =>
        [.. named.Prepend(file).OfType<string>().Select(FullPath).OfType<string>().Distinct()];

    // Null for what cannot be a path.
    private static string? FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or NotSupportedException)
        {
            return null;
        }
    }
}
