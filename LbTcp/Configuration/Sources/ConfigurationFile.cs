namespace LbTcp.Configuration.Sources;

/// <summary>What a configuration file says.</summary>
/// <param name="Process">The settings of the process.</param>
/// <param name="Defaults">The settings of all services.</param>
/// <param name="Services">The services, in the order of the file.</param>
internal sealed record ConfigurationFile(SettingLayer Process, SettingLayer Defaults, IReadOnlyList<ServiceSection> Services)
{
    /// <summary>What applies without a file: one service, which flags and environment describe.</summary>
    public static ConfigurationFile None(ICollection<ConfigurationError> errors) =>
        new(new(errors), new(errors), [new(ServiceOptions.DefaultName, new(errors), null)]);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; relative to the working directory.</param>
    /// <param name="errors">Receives every mistake of the file.</param>
    /// <returns>What is right in the file; null if it cannot be read or is not JSON.</returns>
    public static ConfigurationFile? Read(string path, ICollection<ConfigurationError> errors)
    {
        if (TextFile.TryRead(path, "a configuration file", out string? text, out ConfigurationError? error))
            return Parse(path, text, errors);
        errors.Add(error);
        return null;
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="path">The file, for messages and for the paths in it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="errors">Receives every mistake of the file.</param>
    /// <returns>What is right in the file; null if it is not JSON.</returns>
    public static ConfigurationFile? Parse(string path, string text, ICollection<ConfigurationError> errors)
    {
        var document = new DocumentText(path, text);
        if (DocumentParser.TryParse(document, out DocumentNode? root, out ConfigurationError? error))
            return new ConfigurationFileReader(document, errors).Read(root);
        errors.Add(error);
        return null;
    }
}
