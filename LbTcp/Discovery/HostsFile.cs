using System.Net;
using LbTcp.Configuration;

namespace LbTcp.Discovery;

/// <summary>The addresses that <c>/etc/hosts</c> gives names (hosts(5)).</summary>
internal sealed class HostsFile
{
    private readonly Dictionary<string, List<IPAddress>> _addresses = new(StringComparer.OrdinalIgnoreCase);

    private HostsFile()
    {
    }

    /// <summary>Reads the text of the file; a line that begins with no address is skipped.</summary>
    public static HostsFile Parse(string text)
    {
        var file = new HostsFile();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out IPAddress? address))
                continue;
            foreach (string name in words.AsSpan(1))
            {
                if (!file._addresses.TryGetValue(name, out List<IPAddress>? addresses))
                    file._addresses[name] = addresses = [];
                addresses.Add(Hosts.Unmapped(address));
            }
        }

        return file;
    }

    /// <summary>The addresses of a name, of both families; empty if it is not in the file.</summary>
    public IReadOnlyList<IPAddress> Find(string name) => _addresses.GetValueOrDefault(name) ?? [];
}
