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
/// <param name="timeProvider">The clock.</param>
internal sealed class HostResolver(
    IDnsResolver dns, Func<HostsFile> hosts, Func<ResolverSettings> settings, bool hasIPv6, TimeProvider timeProvider)
{
    /// <summary>The maximum number of addresses or targets of a name that are used; 1,000 is more than any answer by UDP has.</summary>
    public const int MaxAddresses = 1000;

    /// <summary>
    /// How long an address family is waited for when the other one has addresses: some name servers and firewalls drop the queries for one.
    /// </summary>
    public static readonly TimeSpan FamilyPatience = TimeSpan.FromSeconds(1);

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
            Socket.OSSupportsIPv6,
            timeProvider);
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

            // As the system does, a failure of one domain ends the search only if no server answers (res_nsearch of glibc).
            if (answer.Failure is null || answer.IsSilence)
                return answer;
            if (failure is not { IsTemporary: true })
                failure = answer;
        }

        return failure ?? NotFound();
    }

    /// <summary>
    /// Returns the answer for a name that needs no name server, which may be a failure; null if it needs one. Blocks only to read a file.
    /// </summary>
    public NameAnswer? FindLocally(NameQuestion question)
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
                .OrderBy(target => target.Priority).ThenBy(target => target.HostName, StringComparer.Ordinal).ThenBy(target => target.Port)
                .ThenByDescending(target => target.Weight)
                .DistinctBy(target => (target.HostName, target.Port)), // keeps the first, whatever the order of the answer
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
        DnsAnswer[] answers = await QueryAsync(name, kinds, cancellationToken);
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

    private async Task<DnsAnswer[]> QueryAsync(string name, DnsRecordKind[] kinds, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<DnsAnswer>[] queries = [.. kinds.Select(kind => dns.QueryAsync(name, kind, ending.Token))];
        Task<DnsAnswer[]> all = Task.WhenAll(queries);
        DnsAnswer first = await await Task.WhenAny(queries);
        try
        {
            if (first.Outcome is DnsOutcome.Found)
                return await all.WaitAsync(FamilyPatience, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            await ending.CancelAsync();
        }

        return await Task.WhenAll(queries.Select(query => OrSilenceAsync(query, cancellationToken)));
    }

    private static async Task<DnsAnswer> OrSilenceAsync(Task<DnsAnswer> query, CancellationToken cancellationToken)
    {
        try
        {
            return await query;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DnsAnswer.Silence("no answer");
        }
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
        {
            return NameAnswer.Failed(failed.Failure, isTemporary: true) with { IsSilence = answers.Any(answer => answer.IsSilence) };
        }

        return answers.Any(answer => answer.Outcome is DnsOutcome.NoData)
            ? NameAnswer.Failed(noData, isTemporary: false)
            : NotFound();
    }

    private static NameAnswer NotFound() => NameAnswer.Failed("name not found", isTemporary: false);
}
