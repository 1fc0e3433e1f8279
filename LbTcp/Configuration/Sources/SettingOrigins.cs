using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>Where the values in effect were written.</summary>
internal sealed class SettingOrigins
{
    private const string Default = "default";

    private readonly Dictionary<(string? Service, Setting Setting), string> _origins = [];

    /// <summary>Records the origin of a value.</summary>
    /// <param name="service">The name of the service; null for a setting of the process.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="origin">Where its value was written.</param>
    public void Add(string? service, Setting setting, string origin) => _origins[(service, setting)] = origin;

    /// <summary>Describes the origin of a value, as it follows the word "from": a flag, a variable, a place in a file, "default".</summary>
    /// <param name="service">The name of the service; null for a setting of the process.</param>
    /// <param name="setting">The setting.</param>
    public string Describe(string? service, Setting setting) => _origins.GetValueOrDefault((service, setting), Default);
}
