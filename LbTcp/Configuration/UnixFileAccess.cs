using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LbTcp.Configuration;

/// <summary>
/// Who may connect to a unix socket that listens: connecting requires the permission to write to its file, see unix(7).
/// </summary>
internal sealed record UnixFileAccess
{
    private const string Keys = "mode, owner, group";

    /// <summary>Access as the system grants it: the mode that the umask leaves, the user and the group of the process.</summary>
    public static UnixFileAccess Default { get; } = new();

    /// <summary>The mode of the file; null for the mode that the umask leaves.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>The owner of the file, a name or a number; null for the user of the process.</summary>
    public string? Owner { get; init; }

    /// <summary>The group of the file, a name or a number; null for the group of the process.</summary>
    public string? Group { get; init; }

    /// <summary>Reads <c>mode=660</c>, <c>owner=USER</c> and <c>group=GROUP</c>, each at most once.</summary>
    /// <param name="options">The options.</param>
    /// <param name="access">The access if all of them are valid.</param>
    /// <param name="problem">Otherwise what is wrong, as a sentence.</param>
    public static bool TryParse(
        IEnumerable<string> options, [NotNullWhen(true)] out UnixFileAccess? access, [NotNullWhen(false)] out string? problem)
    {
        access = null;
        problem = null;
        UnixFileAccess read = Default;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string option in options)
        {
            string[] parts = option.Split('=', 2);
            string value = parts.Length == 2 ? parts[1] : "";
            (read, problem) = parts[0] switch
            {
                _ when !seen.Add(parts[0]) => (read, $"the option {Quoted.Text(parts[0])} is given twice."),
                "mode" when TryParseMode(value) is { } mode => (read with { Mode = mode }, null),
                "mode" => (read, $"the mode {Quoted.Text(value)} is not an octal number from 0 to 777."),
                "owner" or "group" when value.Length == 0 => (read, $"the option {parts[0]} has no value."),
                "owner" => (read with { Owner = value }, null),
                "group" => (read with { Group = value }, null),
                _ => (read, $"the option {Quoted.Text(option)} is unknown; the options are {Keys}."),
            };
            if (problem is not null)
                return false;
        }

        access = read;
        return true;
    }

    /// <summary>The options as they are read.</summary>
    public override string ToString() => string.Join(',', Options());

    private IEnumerable<string> Options()
    {
        if (Mode is { } mode)
            yield return string.Create(CultureInfo.InvariantCulture, $"mode={Convert.ToString((int)mode, 8)}");
        if (Owner is not null)
            yield return $"owner={Owner}";
        if (Group is not null)
            yield return $"group={Group}";
    }

    private static UnixFileMode? TryParseMode(string text) =>
        text.Length is >= 1 and <= 4 && !text.AsSpan().ContainsAnyExceptInRange('0', '7') && Convert.ToInt32(text, 8) is <= 511 and var mode
            ? (UnixFileMode)mode
            : null;
}
