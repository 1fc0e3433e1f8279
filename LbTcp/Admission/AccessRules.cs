using System.Net;
using System.Runtime.CompilerServices;
using LbTcp.Configuration;

namespace LbTcp.Admission;

/// <summary>
/// The access rules of a service in their order: those of its file, then the refused networks of the settings, then the admitted ones. The
/// first that matches decides; a client that none matches is refused if any rule admits clients, and admitted otherwise. Immutable.
/// </summary>
internal sealed class AccessRules
{
    // Compiled once, however many services name the file.
    private static readonly ConditionalWeakTable<AccessFile, AccessTable> _files = [];

    private readonly string? _fileName;
    private readonly AccessTable? _file;
    private readonly AccessTable _settings;
    private readonly bool _admitsOthers;

    private AccessRules(AccessFile? file, IReadOnlyList<AccessRule> settings)
    {
        _fileName = file?.Name;
        _file = file is null ? null : _files.GetValue(file, static file => new AccessTable(file.Rules));
        _settings = new AccessTable(settings);
        _admitsOthers = !Tables.SelectMany(table => table.Rules).Any(rule => rule.Allows);
    }

    private IEnumerable<AccessTable> Tables => _file is null ? [_settings] : [_file, _settings];

    /// <summary>Compiles the rules of options; null if there are none.</summary>
    public static AccessRules? For(AdmissionOptions options)
    {
        AccessRule[] settings =
        [
            .. options.Deny.Select(network => new AccessRule(allows: false, network)),
            .. options.Allow.Select(network => new AccessRule(allows: true, network)),
        ];
        return settings.Length == 0 && options.FileRules is not { Rules.Count: > 0 } ? null : new(options.FileRules, settings);
    }

    /// <summary>Decides about a client. Does not allocate.</summary>
    /// <param name="client">The address of the client; null for the client of a unix socket.</param>
    public AccessDecision Decide(IPAddress? client)
    {
        if (_file is not null && Find(_file, client) is { } ofFile)
            return new(ofFile.Allows, ofFile, _fileName);
        return Find(_settings, client) is { } rule ? new(rule.Allows, rule) : new(_admitsOthers);
    }

    /// <summary>
    /// Describes the rules that decide about no client, one sentence each for the first few: those whose clients are treated contrary to
    /// them before the others.
    /// </summary>
    /// <param name="most">The maximum number of sentences.</param>
    public IEnumerable<string> DescribeIneffective(int most) => Tables
        .SelectMany(table => table.FindIneffective(), (table, found) => (IsInFile: table == _file, found.Rule, found.Earlier))
        .OrderBy(found => found.Rule.Allows == found.Earlier.Allows)
        .Take(most)
        .Select(found => $"{Describe(found.Rule, found.IsInFile)} has no effect: {Describe(found.Earlier, found.IsInFile)} comes first.");

    private static AccessRule? Find(AccessTable table, IPAddress? client) =>
        table.Find(client) is >= 0 and var index ? table.Rules[index] : null;

    private string Describe(AccessRule rule, bool isInFile)
    {
        var decision = new AccessDecision(rule.Allows, rule, isInFile ? _fileName : null);
        return isInFile ? $"{rule} ({decision.Place})" : $"{decision.Place}";
    }
}
