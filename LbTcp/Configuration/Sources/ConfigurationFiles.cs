namespace LbTcp.Configuration.Sources;

/// <summary>The files that the settings of a configuration name, whose content is a part of the options.</summary>
/// <param name="errors">Receives what is wrong with the files.</param>
internal sealed class ConfigurationFiles(List<ConfigurationError> errors)
{
    /// <summary>The backends files.</summary>
    public NamedFiles<IReadOnlyList<BackendOptions>> Backends { get; } = new(path =>
        Report(BackendsFile.TryRead(path, out IReadOnlyList<BackendOptions>? backends, out var mistakes), backends, mistakes, errors));

    /// <summary>The files of access rules.</summary>
    public NamedFiles<AccessFile> Access { get; } = new(path =>
        Report(AccessFile.TryRead(path, out AccessFile? file, out var mistakes), file, mistakes, errors));

    /// <summary>The files that were read or should have been.</summary>
    public IEnumerable<string> Paths => [.. Backends.Paths, .. Access.Paths];

    private static T? Report<T>(bool isRead, T? content, IReadOnlyList<ConfigurationError> mistakes, List<ConfigurationError> errors)
        where T : class
    {
        if (!isRead)
            errors.AddRange(mistakes);
        return content;
    }
}
