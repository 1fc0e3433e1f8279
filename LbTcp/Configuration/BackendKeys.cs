using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>
/// Reads and formats the options of a backend, <see cref="BackendSettings"/>, as <c>key=value</c> or, for a switch, <c>key</c>.
/// </summary>
internal static class BackendKeys
{
    private static readonly Key[] _keys =
    [
        Value(BackendSettings.Name, options => options.Name, (options, name) => options with { Name = name }),
        Value(BackendSettings.Weight, options => options.Weight, (options, weight) => options with { Weight = weight }),
        Switch(BackendSettings.Backup, options => options.IsBackup, options => options with { IsBackup = true }),
        Value(
            BackendSettings.MaxConnections,
            options => options.MaxConnections == 0 ? null : options.MaxConnections,
            (options, most) => options with { MaxConnections = most ?? 0 }),
        Value(BackendSettings.Check, options => options.Check, (options, kind) => options with { Check = kind }),
        Value(BackendSettings.HealthPath, options => options.HealthPath, (options, path) => options with { HealthPath = path }),
        Value(BackendSettings.CheckPort, options => options.CheckPort, (options, port) => options with { CheckPort = port }),
        Value(
            BackendSettings.CheckInterval,
            options => options.CheckInterval,
            (options, interval) => options with { CheckInterval = interval }),
    ];

    /// <summary>The keys, as a list for messages.</summary>
    public static string List { get; } = string.Join(", ", _keys.Select(key => key.Name));

    /// <summary>Whether a key exists.</summary>
    public static bool IsKnown(string key) => Array.Exists(_keys, known => known.Name == key);

    /// <summary>The key that was probably meant; null if none is near.</summary>
    public static string? Nearest(string key) => NearestWord.Of(key, _keys.Select(known => known.Name));

    /// <summary>Applies a known option.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="key">A known key.</param>
    /// <param name="value">The text after the equals sign; null if there is none.</param>
    /// <returns>The options with it, or else what is wrong with the value, as the rest of a sentence that names it.</returns>
    public static (BackendOptions? Options, string? Problem) Apply(BackendOptions options, string key, string? value) =>
        Array.Find(_keys, known => known.Name == key)!.Apply(options, value);

    /// <summary>Formats all options that have a value, in the order of <see cref="BackendSettings.All"/>.</summary>
    public static IEnumerable<string> Format(BackendOptions options) => _keys.Select(key => key.Format(options)).OfType<string>();

    /// <summary>The value of every option, or what applies without one, in the order of <see cref="BackendSettings.All"/>.</summary>
    public static IEnumerable<(string Name, string Value)> Texts(BackendOptions options) =>
        _keys.Select(key => (key.Name, key.Text(options)));

    private static Key Value<T>(Setting<T> setting, Func<BackendOptions, T> get, Func<BackendOptions, T, BackendOptions> set) => new(
        setting.Name,
        (options, text) => setting.Form.TryParse(text ?? "", out T? value, out ValueProblem? problem)
            ? (set(options, value), null)
            : (null, problem.Clause),
        options => get(options) is { } value ? setting.Assign(value) : null,
        options => setting.Form.Format(get(options)));

    private static Key Switch(Setting<bool> setting, Func<BackendOptions, bool> get, Func<BackendOptions, BackendOptions> set) => new(
        setting.Name,
        (options, text) => text is null ? (set(options), null) : (null, $"which takes no value; write {setting.Name}."),
        options => get(options) ? setting.Name : null,
        options => setting.Form.Format(get(options)));

    private sealed record Key(
        string Name,
        Func<BackendOptions, string?, (BackendOptions? Options, string? Problem)> Apply,
        Func<BackendOptions, string?> Format,
        Func<BackendOptions, string> Text);
}
