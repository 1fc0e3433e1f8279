using System.Globalization;

namespace LbTcp.Hosting;

/// <summary>The user and the groups with whose rights this process opens files.</summary>
/// <param name="User">The user; 0 is root.</param>
/// <param name="Groups">The groups.</param>
internal sealed record ProcessIdentity(uint User, IReadOnlyCollection<uint> Groups)
{
    private const string StatusFile = "/proc/self/status";

    /// <summary>Reads the identity of this process; null if the system does not tell.</summary>
    public static ProcessIdentity? Read()
    {
        try
        {
            return Parse(File.ReadAllLines(StatusFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the lines of <c>/proc/PID/status</c>, see proc(5); null if they lack the identity.</summary>
    public static ProcessIdentity? Parse(IReadOnlyCollection<string> lines) =>
        NumbersOf(lines, "Uid:") is [_, uint user, ..] && NumbersOf(lines, "Gid:") is [_, uint group, ..] // the second is the effective one
            ? new ProcessIdentity(user, [group, .. NumbersOf(lines, "Groups:")])
            : null;

    private static uint[] NumbersOf(IEnumerable<string> lines, string row) =>
    [
        .. (lines.FirstOrDefault(line => line.StartsWith(row, StringComparison.Ordinal))?[row.Length..] ?? "")
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Select(number => uint.Parse(number, CultureInfo.InvariantCulture)),
    ];
}
