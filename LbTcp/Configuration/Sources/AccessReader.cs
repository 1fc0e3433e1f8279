using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>Completes the access rules of a service with those of its file.</summary>
/// <param name="layers">The settings of the service.</param>
/// <param name="files">Reads the file.</param>
internal sealed class AccessReader(SettingLayers layers, ConfigurationFiles files)
{
    /// <summary>Resolves the path of the access file and reads it.</summary>
    public ServiceOptions Complete(ServiceOptions options)
    {
        if (layers.Find(AdmissionSettings.AccessFile)?.Origin is not { } origin || options.Admission.AccessFile is not { } file)
            return options;
        string path = origin.PathOf(file);
        return options with { Admission = options.Admission with { AccessFile = path, FileRules = files.Access.Read(path) } };
    }
}
