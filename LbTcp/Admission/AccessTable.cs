using System.Net;
using System.Net.Sockets;
using System.Numerics;
using LbTcp.Configuration;

namespace LbTcp.Admission;

/// <summary>Finds the first of a list of rules that matches a client, however many there are. Immutable.</summary>
internal sealed class AccessTable
{
    private const int MappedPrefix = 0xFFFF; // of ::ffff:0:0/96, above the IPv4 address

    private readonly RangeTable<uint> _ipv4;
    private readonly RangeTable<UInt128> _ipv6;
    private readonly int _unix;

    /// <summary>Compiles rules.</summary>
    public AccessTable(IReadOnlyList<AccessRule> rules)
    {
        Rules = rules;
        List<(uint First, uint Last, int Place)> ipv4 = [];
        List<(UInt128 First, UInt128 Last, int Place)> ipv6 = [];
        _unix = RangeTable<uint>.None;
        for (int i = 0; i < rules.Count; i++)
        {
            NetworkBlock network = rules[i].Block;
            switch (network.Family)
            {
                case AddressFamily.InterNetwork:
                    ipv4.Add(Bounds((uint)network.First, network.Length, 32, i));
                    break;
                case AddressFamily.InterNetworkV6:
                    ipv6.Add(Bounds(network.First, network.Length, 128, i));
                    break;
                case var family:
                    if (_unix < 0)
                        _unix = i; // of both, all and unix
                    if (family is AddressFamily.Unspecified)
                    {
                        ipv4.Add((uint.MinValue, uint.MaxValue, i));
                        ipv6.Add((UInt128.MinValue, UInt128.MaxValue, i));
                    }

                    break;
            }
        }

        _ipv4 = new RangeTable<uint>(ipv4);
        _ipv6 = new RangeTable<UInt128>(ipv6);
    }

    /// <summary>The rules, in their order.</summary>
    public IReadOnlyList<AccessRule> Rules { get; }

    /// <summary>Finds the rule that decides about a client; an IPv4 address that is mapped to IPv6 counts as IPv4.</summary>
    /// <param name="client">The address of the client; null for the client of a unix socket.</param>
    /// <returns>The index of the first rule that matches; -1 if none does.</returns>
    public int Find(IPAddress? client)
    {
        if (client is null)
            return _unix;
        UInt128 number = Network.NumberOf(client);
        return client.AddressFamily is AddressFamily.InterNetwork || number >> 32 == MappedPrefix
            ? _ipv4.Find((uint)number)
            : _ipv6.Find(number);
    }

    /// <summary>
    /// Finds the rules that decide about no client, since earlier ones match all of theirs, with the earlier one that matches the first
    /// client of each.
    /// </summary>
    public IEnumerable<(AccessRule Rule, AccessRule Earlier)> FindIneffective()
    {
        var isEffective = new bool[Rules.Count];
        foreach (int place in _ipv4.Effective.Concat(_ipv6.Effective))
            isEffective[place] = true;
        for (int i = 0; i < Rules.Count; i++)
        {
            if (!isEffective[i] && i != _unix)
                yield return (Rules[i], Rules[Find(Rules[i].Network.Range?.BaseAddress)]);
        }
    }

    private static (T First, T Last, int Place) Bounds<T>(T first, int length, int bits, int place)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        (first, first | (length == 0 ? T.MaxValue : (T.One << (bits - length)) - T.One), place);
}
