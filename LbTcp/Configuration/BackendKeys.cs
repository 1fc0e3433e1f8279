using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>
/// Reads and formats the options of a backend, <see cref="BackendSettings"/>, as <c>key=value</c> or, for a switch, <c>key</c>.
/// </summary>
internal static class BackendKeys
{
    private static readonly SettingBinding<BackendOptions>[] _keys =
    [
        Value(BackendSettings.Name, options => options.Name, (options, name) => options with { Name = name }),
        Value(BackendSettings.Weight, options => options.Weight, (options, weight) => options with { Weight = weight }),
        Value(BackendSettings.Backup, options => options.IsBackup, (options, isBackup) => options with { IsBackup = isBackup }),
        Value(
            BackendSettings.MaxConnections,
            options => options.MaxConnections == 0 ? null : options.MaxConnections,
            (options, most) => options with { MaxConnections = most ?? 0 }),
        Value(BackendSettings.Check, options => options.Check, (options, kind) => options with { Check = kind }),
        Value(BackendSettings.HealthPath, options => options.HealthPath, (options, path) => options with { HealthPath = path }),
        Value(BackendSettings.CheckSend, options => options.CheckSend, (options, bytes) => options with { CheckSend = bytes }),
        Value(BackendSettings.CheckExpect, options => options.CheckExpect, (options, bytes) => options with { CheckExpect = bytes }),
        Value(BackendSettings.CheckPort, options => options.CheckPort, (options, port) => options with { CheckPort = port }),
        Value(
            BackendSettings.CheckInterval,
            options => options.CheckInterval,
            (options, interval) => options with { CheckInterval = interval }),
        Value(
            BackendSettings.FirstByteTimeout,
            options => options.FirstByteTimeout,
            (options, timeout) => options with { FirstByteTimeout = timeout }),
        Value(BackendSettings.Resolve, options => options.Resolve, (options, kind) => options with { Resolve = kind }),
        Value(
            BackendSettings.SourceAddress,
            options => options.SourceAddress,
            (options, source) => options with { SourceAddress = source }),
        Value(BackendSettings.SendProxy, options => options.SendProxy, (options, version) => options with { SendProxy = version }),
        Value(BackendSettings.ServerName, options => options.ServerNames, (options, names) => options with { ServerNames = names }),
        Value(BackendSettings.Tls, options => options.Tls, (options, tls) => options with { Tls = tls }),
        Value(BackendSettings.TlsCa, options => options.TlsCaFile, (options, file) => options with { TlsCaFile = file }),
        Value(BackendSettings.TlsName, options => options.TlsName, (options, name) => options with { TlsName = name }),
        Value(
            BackendSettings.TlsCertificate,
            options => options.TlsCertificateFile,
            (options, file) => options with { TlsCertificateFile = file }),
        Value(BackendSettings.TlsKey, options => options.TlsKeyFile, (options, file) => options with { TlsKeyFile = file }),
    ];

    /// <summary>The keys, in the order of <see cref="BackendSettings.All"/>.</summary>
    public static IReadOnlyList<SettingBinding<BackendOptions>> All => _keys;

    /// <summary>The keys, as a list for messages.</summary>
    public static string List { get; } = string.Join(", ", _keys.Select(key => key.Setting.Name));

    /// <summary>Whether a key exists.</summary>
    public static bool IsKnown(string key) => Array.Exists(_keys, known => known.Setting.Name == key);

    /// <summary>The key that was probably meant; null if none is near.</summary>
    public static string? Nearest(string key) => NearestWord.Of(key, _keys.Select(known => known.Setting.Name));

    /// <summary>Applies a known option.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="key">A known key.</param>
    /// <param name="value">The text after the equals sign; null if there is none.</param>
    /// <returns>The options with it, or else what is wrong with the value, as the rest of a sentence that names it.</returns>
    public static (BackendOptions? Options, string? Problem) Apply(BackendOptions options, string key, string? value)
    {
        SettingBinding<BackendOptions> binding = Array.Find(_keys, known => known.Setting.Name == key)!;
        if (binding.Setting is Setting<bool>)
        {
            if (value is not null)
                return (null, $"which takes no value; write {key}.");
            value = Switch.On;
        }

        return binding.TryApply(options, value ?? "", out BackendOptions? applied, out ValueProblem? problem)
            ? (applied, null)
            : (null, problem.Clause);
    }

    /// <summary>Formats all options that have a value, in the order of <see cref="BackendSettings.All"/>.</summary>
    public static IEnumerable<string> Format(BackendOptions options) => _keys.Select(key => Format(key, options)).OfType<string>();

    /// <summary>The value of every option, or what applies without one, in the order of <see cref="BackendSettings.All"/>.</summary>
    public static IEnumerable<(string Name, string Value)> Texts(BackendOptions options) =>
        _keys.Select(key => (key.Setting.Name, key.Format(options) ?? key.Setting.DefaultText));

    private static string? Format(SettingBinding<BackendOptions> key, BackendOptions options) => (key.Setting, key.Format(options)) switch
    {
        (Setting<bool>, var text) => text == Switch.On ? key.Setting.Name : null,
        (_, { } text) => $"{key.Setting.Name}={text}",
        _ => null,
    };

    private static SettingBinding<BackendOptions> Value<T>(
        Setting<T> setting, Func<BackendOptions, T> get, Func<BackendOptions, T, BackendOptions> set) =>
        new SettingBinding<BackendOptions, T>(setting, get, set);
}
