using System.Globalization;
using System.Text.RegularExpressions;

namespace LbTcp.Configuration;

/// <summary>The options that a backend can be given, by the names that operators use, and how their values are read.</summary>
internal static partial class BackendKeys
{
    // As for --check-interval.
    private static readonly TimeSpan _shortestInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestInterval = TimeSpan.FromDays(30);

    private static readonly (string Word, CheckKind Kind)[] _checks =
        [("auto", CheckKind.Auto), ("tcp", CheckKind.Tcp), ("http", CheckKind.Http), ("none", CheckKind.None)];

    // What a key makes of options and a value, which is null for a flag; or else what the value should be.
    private static readonly Dictionary<string, Func<BackendOptions, string?, (BackendOptions? Options, string? Problem)>> _readers = new(StringComparer.Ordinal)
    {
        ["name"] = (options, value) => value is not null && NamePattern().IsMatch(value)
            ? (options with { Name = value }, null)
            : (null, "which is not name= and 1 to 64 letters, digits, dots, dashes and underscores."),
        ["weight"] = (options, value) => Number(value, 0, BackendOptions.MaxWeight, weight => options with { Weight = weight }),
        ["backup"] = (options, value) => value is null ? (options with { IsBackup = true }, null) : (null, "which takes no value; write backup."),
        ["max_connections"] = (options, value) => Number(value, 1, int.MaxValue, most => options with { MaxConnections = most }),
        ["check"] = (options, value) => Array.Find(_checks, check => check.Word == value) is { Word: not null } check
            ? (options with { Check = check.Kind }, null)
            : (null, NearestWord.Of(value ?? "", _checks.Select(known => known.Word)) is { } near
                ? $"which is unknown; did you mean {near}?"
                : "which is not auto, tcp, http or none."),
        ["health_path"] = (options, value) => HealthPath.FindProblem(value ?? "") is { } problem
            ? (null, $"where {problem}")
            : (options with { HealthPath = value }, null),
        ["check_port"] = (options, value) => Number(value, 1, 65535, port => options with { CheckPort = port }),
        ["check_interval"] = (options, value) => Duration.TryParse(value ?? "", out TimeSpan interval, out string? problem)
            ? interval >= _shortestInterval && interval <= _longestInterval
                ? (options with { CheckInterval = interval }, null)
                : (null, $"which is not between {Duration.Format(_shortestInterval)} and {Duration.Format(_longestInterval)}.")
            : (null, $"where {problem}"),
    };

    /// <summary>The names, as a list for messages.</summary>
    public static string List { get; } = string.Join(", ", _readers.Keys);

    /// <summary>Whether there is such an option.</summary>
    public static bool IsKnown(string key) => _readers.ContainsKey(key);

    /// <summary>The option that was probably meant; null when none is near.</summary>
    public static string? Nearest(string key) => NearestWord.Of(key, _readers.Keys);

    /// <summary>Applies a known option.</summary>
    /// <returns>The options with it, or else what is wrong with the value, as the rest of a sentence that names it.</returns>
    public static (BackendOptions? Options, string? Problem) Apply(BackendOptions options, string key, string? value) => _readers[key](options, value);

    private static (BackendOptions? Options, string? Problem) Number(string? value, int least, int most, Func<int, BackendOptions> apply) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? (apply(number), null)
            : (null, $"which is not a whole number from {least} to {most}.");

    // No colon: a name is never taken for an address.
    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
