using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Discovery;

/// <summary>
/// Resolves names: addresses written as such, <c>localhost</c>, <c>/etc/hosts</c>, and then name servers, with the search list of
/// <c>/etc/resolv.conf</c>. Other sources of nsswitch.conf(5) are not asked. Safe for use by any number of threads; no thread waits for an
/// answer.
/// </summary>
/// <param name="dns">Asks name servers.</param>
/// <param name="hosts">Returns the content of <c>/etc/hosts</c>.</param>
/// <param name="settings">Returns the settings of the system's resolver.</param>
/// <param name="hasIPv6">Whether this machine can use IPv6 addresses; they are not asked for otherwise.</param>
internal sealed class HostResolver(IDnsResolver dns, Func<HostsFile> hosts, Func<ResolverSettings> settings, bool hasIPv6)
{
    /// <summary>The maximum number of addresses or targets of a name that are used; 1,000 is more than any answer by UDP has.</summary>
    public const int MaxAddresses = 1000;

    // How soon a change of a file is noticed, within the limits of the settings.
    private static readonly TimeSpan _fileLife = TimeSpan.FromSeconds(5);

    /// <summary>Creates a resolver for this machine.</summary>
    /// <param name="options">The name servers to ask instead of those of the system.</param>
    /// <param name="timeProvider">The clock.</param>
    public static HostResolver Create(DiscoveryOptions options, TimeProvider timeProvider)
    {
        var settings = new ParsedFile<ResolverSettings>("/etc/resolv.conf", ResolverSettings.Parse, timeProvider);
        var hosts = new ParsedFile<HostsFile>("/etc/hosts", HostsFile.Parse, timeProvider);
        return new HostResolver(
            new DnsResolver(options.DnsServers, () => settings.Current, timeProvider),
            () => hosts.Current,
            () => settings.Current,
            Socket.OSSupportsIPv6);
    }

    /// <summary>Resolves a name. A failure is a value, not an exception.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> has fired.</exception>
    public async Task<NameAnswer> ResolveAsync(NameQuestion question, CancellationToken cancellationToken)
    {
        if (FindLocally(question) is { } known)
            return known;
        NameAnswer? failure = null;
        foreach (string candidate in settings().Candidates(question.Name))
        {
            NameAnswer answer = question.IsService
                ? await FindTargetsAsync(candidate, cancellationToken)
                : await FindAddressesAsync(candidate, cancellationToken);

            // A server that fails says nothing about the name, and a candidate further down may be another host.
            if (answer.Failure is null || answer.IsTemporary)
                return answer;
            failure = answer;
        }

        return failure ?? NotFound();
    }

    private NameAnswer? FindLocally(NameQuestion question)
    {
        string name = question.PlainName;
        if (IPAddress.TryParse(name, out IPAddress? literal))
            return new NameAnswer { Addresses = [Hosts.Unmapped(literal)], TimeToLive = TimeSpan.MaxValue };
        if (name.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase)) // RFC 6761, section 6.4: need not be asked for
            return NotFound();
        if (question.IsService)
            return null;
        IReadOnlyList<IPAddress> addresses =
            Hosts.IsLocalhost(name) ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : hosts().Find(name);
        return addresses.Count > 0 ? Usable(addresses) with { TimeToLive = _fileLife } : null;
    }

    private async Task<NameAnswer> FindTargetsAsync(string name, CancellationToken cancellationToken)
    {
        DnsAnswer answer = await dns.QueryAsync(name, DnsRecordKind.Srv, cancellationToken);
        if (answer.Outcome is not DnsOutcome.Found)
            return Failed([answer], "no usable SRV record");
        ServiceTarget[] targets =
        [
            .. answer.Targets
                .DistinctBy(target => (target.HostName, target.Port))
                .OrderBy(target => target.Priority).ThenBy(target => target.HostName, StringComparer.Ordinal).ThenBy(target => target.Port),
        ];
        return new NameAnswer
        {
            Targets = targets.Length > MaxAddresses ? targets[..MaxAddresses] : targets,
            TimeToLive = answer.TimeToLive,
            IsCut = targets.Length > MaxAddresses,
        };
    }

    private async Task<NameAnswer> FindAddressesAsync(string name, CancellationToken cancellationToken)
    {
        DnsRecordKind[] kinds = hasIPv6 ? [DnsRecordKind.A, DnsRecordKind.Aaaa] : [DnsRecordKind.A];
        DnsAnswer[] answers = await Task.WhenAll(kinds.Select(kind => dns.QueryAsync(name, kind, cancellationToken)));
        DnsAnswer[] found = [.. answers.Where(answer => answer.Outcome is DnsOutcome.Found)];
        if (found.Length == 0)
            return Failed(answers, hasIPv6 ? "the name has no address" : "the name has no IPv4 address");
        int failed = Array.FindIndex(answers, answer => answer.Outcome is DnsOutcome.Failed);
        return Usable(found.SelectMany(answer => answer.Addresses)) with
        {
            TimeToLive = found.Min(answer => answer.TimeToLive),
            Missing = failed < 0 ? null : failed == 0 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6,
        };
    }

    private NameAnswer Usable(IEnumerable<IPAddress> addresses)
    {
        IPAddress[] usable =
            AddressOrder.Sort(addresses.Where(address => hasIPv6 || address.AddressFamily is AddressFamily.InterNetwork));
        if (usable.Length == 0)
            return NameAnswer.Failed("the name has no IPv4 address", isTemporary: false);
        return usable.Length > MaxAddresses
            ? new NameAnswer { Addresses = usable[..MaxAddresses], IsCut = true }
            : new NameAnswer { Addresses = usable };
    }

    private static NameAnswer Failed(IReadOnlyList<DnsAnswer> answers, string noData)
    {
        if (answers.FirstOrDefault(answer => answer.Outcome is DnsOutcome.Failed) is { } failed)
            return NameAnswer.Failed(failed.Failure, isTemporary: true);
        return answers.Any(answer => answer.Outcome is DnsOutcome.NoData)
            ? NameAnswer.Failed(noData, isTemporary: false)
            : NotFound();
    }

    private static NameAnswer NotFound() => NameAnswer.Failed("name not found", isTemporary: false);
}
