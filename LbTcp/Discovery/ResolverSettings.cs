using System.Globalization;
using System.Net;
using LbTcp.Configuration;

namespace LbTcp.Discovery;

/// <summary>The settings of the system's resolver, as <c>/etc/resolv.conf</c> has them (resolv.conf(5)).</summary>
internal sealed record ResolverSettings
{
    private static readonly char[] _blanks = [' ', '\t', '\r'];

    /// <summary>The name servers, in the order in which they are asked.</summary>
    public IReadOnlyList<IPEndPoint> NameServers { get; init; } = [new(IPAddress.Loopback, NameServerAddress.DefaultPort)];

    /// <summary>The domains in which a name that is not complete is looked for.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>The number of dots from which on a name is tried as it is before the search list.</summary>
    public int Dots { get; init; } = 1;

    /// <summary>The time limit of one query to one server.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often each server is asked.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Reads the text of the file; what is not understood is skipped, as the system does.</summary>
    public static ResolverSettings Parse(string text)
    {
        var settings = new ResolverSettings();
        List<IPEndPoint> servers = [];
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(_blanks, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2)
                continue;
            switch (words[0])
            {
                case "nameserver" when IPAddress.TryParse(words[1], out IPAddress? server):
                    servers.Add(new IPEndPoint(server, NameServerAddress.DefaultPort));
                    break;
                case "search" or "domain": // the last one counts
                    string[] domains = [.. words[1..].Select(domain => domain.Trim('.')).Where(domain => domain.Length > 0)];
                    settings = settings with { Search = domains };
                    break;
                case "options":
                    settings = words[1..].Aggregate(settings, (current, option) => current.With(option));
                    break;
            }
        }

        return servers.Count == 0 ? settings : settings with { NameServers = servers };
    }

    /// <summary>Returns the complete names that a name may stand for, in the order in which they are asked for.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        if (name.EndsWith('.'))
            return [name.TrimEnd('.')];
        IEnumerable<string> inDomains = Search.Select(domain => $"{name}.{domain}");
        return name.Count(c => c == '.') >= Dots ? inDomains.Prepend(name) : inDomains.Append(name);
    }

    // The upper bounds are those of the system.
    private ResolverSettings With(string option)
    {
        string[] parts = option.Split(':');
        if (parts.Length != 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            return this;
        return parts[0] switch
        {
            "ndots" => this with { Dots = Math.Min(value, 15) },
            "timeout" => this with { Timeout = TimeSpan.FromSeconds(Math.Clamp(value, 1, 30)) },
            "attempts" => this with { Attempts = Math.Clamp(value, 1, 5) },
            _ => this,
        };
    }
}
