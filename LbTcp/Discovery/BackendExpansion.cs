using System.Net;
using LbTcp.Configuration;

namespace LbTcp.Discovery;

/// <summary>
/// What the lines of a service amount to with the answers that are known: its members. An address stands for itself; a name for one member
/// per address, or for one with all of them; a service (SRV) for its targets. A line whose name has no answer yet is a member without
/// addresses. An address that occurs twice belongs to the first line that has it. Not thread-safe; one use per instance.
/// </summary>
/// <param name="answerOf">Returns the latest good answer for a name; null if there is none.</param>
/// <param name="isOwn">Returns whether this process listens on an address.</param>
internal sealed class BackendExpansion(Func<NameQuestion, NameAnswer?> answerOf, Func<EndPoint, bool> isOwn)
{
    private readonly Dictionary<EndPoint, string> _owners = [];
    private readonly HashSet<string> _identities = [];
    private readonly List<BackendOptions> _members = [];
    private readonly List<RefusedAddress> _refused = [];
    private readonly HashSet<NameQuestion> _questions = [];
    private readonly Dictionary<string, IReadOnlyList<NameQuestion>> _sources = [];

    /// <summary>The members, in the order of the lines; no two with the same identity.</summary>
    public IReadOnlyList<BackendOptions> Members => _members;

    /// <summary>The addresses that were left out.</summary>
    public IReadOnlyList<RefusedAddress> Refused => _refused;

    /// <summary>Every name that was needed, whether it has an answer or not.</summary>
    public IReadOnlySet<NameQuestion> Questions => _questions;

    /// <summary>The names that a member comes from, by its host and port; none for a member that is an address in its line.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<NameQuestion>> Sources => _sources;

    /// <summary>Expands the lines.</summary>
    public static BackendExpansion Of(
        IReadOnlyList<BackendOptions> lines, Func<NameQuestion, NameAnswer?> answerOf, Func<EndPoint, bool> isOwn)
    {
        var expansion = new BackendExpansion(answerOf, isOwn);
        Dictionary<string, int> unnamed = lines
            .Where(line => line.Name is null)
            .CountBy(line => line.Address.HostName)
            .ToDictionary();
        foreach (BackendOptions line in lines)
        {
            string name = line.Name
                ?? (unnamed[line.Address.HostName] > 1 ? line.Address.HostAndPort : line.Address.HostName);
            if (!line.Address.IsName)
                expansion.AddAddress(line);
            else if (line.Address.IsService)
                expansion.AddService(line, name);
            else
                expansion.AddHost(line, new NameQuestion(line.Address.HostName, IsService: false), name, []);
        }

        return expansion;
    }

    private void AddAddress(BackendOptions line)
    {
        string owner = line.Address.HostAndPort;
        if (line.Address.EndPoint is { } endPoint && TryClaim(endPoint, owner))
            Add(line, []);
    }

    private void AddService(BackendOptions line, string name)
    {
        var question = new NameQuestion(line.Address.HostName, IsService: true);
        _ = _questions.Add(question);
        if (answerOf(question) is not { } answer)
        {
            AddUnresolved(line, question, [question]);
            return;
        }

        foreach ((ServiceTarget target, int weight, bool isBackup) in ServiceTargets.Convert(answer.Targets))
        {
            BackendOptions host = line with
            {
                Address = AddressOf(line.Address.Scheme, target.HostName, target.Port),
                Name = $"{name}/{Hosts.Format(target.HostName, target.Port)}",
                Weight = weight,
                IsBackup = isBackup || line.IsBackup,
            };

            // The target is a complete name.
            AddHost(host, new NameQuestion($"{target.HostName}.", IsService: false), name, [question]);
        }
    }

    private void AddHost(BackendOptions line, NameQuestion question, string name, IReadOnlyList<NameQuestion> sources)
    {
        _ = _questions.Add(question);
        sources = [question, .. sources];
        if (answerOf(question) is not { } answer)
        {
            AddUnresolved(line, question, sources);
            return;
        }

        IPAddress[] addresses =
            [.. answer.Addresses.Where(address => TryClaim(new IPEndPoint(address, line.Address.Port), line.Address.HostAndPort))];
        if (addresses.Length == 0)
            return;
        string host = question.PlainName;
        if (line.ResolveKind is ResolveKind.First)
        {
            Add(line with { Resolved = new ResolvedHost(host, addresses) }, sources);
            return;
        }

        bool hasPort = sources.Count > 1; // the targets of a service have ports of their own
        foreach (IPAddress address in addresses)
        {
            BackendAddress member = AddressOf(line.Address.Scheme, address.ToString(), line.Address.Port);
            Add(
                line with
                {
                    Address = member,
                    Name = $"{name}/{(hasPort ? member.HostAndPort : address)}",
                    Resolved = new ResolvedHost(host, [address]),
                },
                sources);
        }
    }

    private void AddUnresolved(BackendOptions line, NameQuestion question, IReadOnlyList<NameQuestion> sources) =>
        Add(line with { Resolved = new ResolvedHost(question.PlainName, []) }, sources);

    private void Add(BackendOptions member, IReadOnlyList<NameQuestion> sources)
    {
        string identity = member.Address.HostAndPort;
        if (!_identities.Add(identity))
            return;
        _members.Add(member);
        if (sources.Count > 0)
            _sources[identity] = sources;
    }

    private bool TryClaim(EndPoint endPoint, string owner)
    {
        if (isOwn(endPoint))
        {
            _refused.Add(new RefusedAddress(endPoint, owner, Owner: null));
            return false;
        }

        if (_owners.TryAdd(endPoint, owner))
            return true;
        _refused.Add(new RefusedAddress(endPoint, owner, _owners[endPoint]));
        return false;
    }

    private static BackendAddress AddressOf(BackendScheme scheme, string host, int port)
    {
        string prefix = scheme is BackendScheme.Tcp ? "" : $"{scheme.ToString().ToLowerInvariant()}://";
        return new BackendAddress(prefix + Hosts.Format(host, port), scheme, host, port);
    }
}
