using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Hosting;

/// <summary>
/// What a reload does, computed from the configuration that runs and the next one alone: no name is resolved and no socket opened.
/// </summary>
/// <param name="Refusals">The reasons why it cannot be done while running, each a sentence for the operator; empty if it can.</param>
/// <param name="Settings">The settings of the process that change.</param>
/// <param name="Services">The effect on each service: those of the next configuration in its order, then the removed ones.</param>
internal sealed record HostPlan(
    IReadOnlyList<string> Refusals, IReadOnlyList<SettingChange> Settings, IReadOnlyList<ServicePlan> Services)
{
    private static readonly HashSet<string> _live = [HostSettings.LogLevel.Name, HostSettings.MaxConnections.Name];

    /// <summary>Whether the running process has made the changes.</summary>
    public bool IsCarriedOut { get; init; }

    /// <summary>The number of backends that are added.</summary>
    public int Added => Services.Sum(service => service.Backends.Added.Count);

    /// <summary>The number of backends that change.</summary>
    public int Changed => Services.Sum(service => service.Backends.Changed.Count);

    /// <summary>The number of backends that are removed.</summary>
    public int Removed => Services.Sum(service => service.Backends.Removed.Count);

    /// <summary>The number of backends that stay as they are.</summary>
    public int Unchanged => Services.Sum(service => service.Backends.Unchanged.Count);

    /// <summary>Whether there is nothing to report: at most, backends are in another order.</summary>
    public bool IsEmpty => Settings.Count == 0 && Services.All(service => service.Kind is ServiceChangeKind.Unchanged);

    /// <summary>Plans the way from one configuration to another. Services are matched by name.</summary>
    public static HostPlan Between(HostOptions running, HostOptions next)
    {
        Dictionary<string, ServiceOptions> before = running.Services.ToDictionary(service => service.Name);
        List<ServicePlan> services =
        [
            .. next.Services.Select(service => before.Remove(service.Name, out ServiceOptions? same)
                ? ServicePlan.Change(same, service)
                : ServicePlan.Add(service)),
        ];
        services.AddRange(running.Services.Where(service => before.ContainsKey(service.Name)).Select(ServicePlan.Remove));
        IReadOnlyList<SettingChange> settings = SettingChange.Between(HostBindings.All, running, next);
        return new HostPlan(
            [
                .. RefuseFixed(settings),
                .. RefuseShared(next.Services),
                .. RefuseFileAccess(running.Services, next.Services),
                .. RefuseOverlaps(running.Services, next.Services),
            ],
            settings,
            services);
    }

    private static IEnumerable<string> RefuseFixed(IEnumerable<SettingChange> settings) => settings
        .Where(setting => !_live.Contains(setting.Name))
        .Select(setting => $"{setting.Name} cannot change while running; restart lbtcp.");

    // The file of a socket has its mode and owner before clients can connect.
    private static IEnumerable<string> RefuseFileAccess(IEnumerable<ServiceOptions> running, IEnumerable<ServiceOptions> next) => next
        .SelectMany(service => service.Listen)
        .Where(address => address.Unix is { } unix && running.SelectMany(service => service.Listen)
            .Any(open => unix.Equals(open.Unix) && open.Unix.Access != unix.Access))
        .Select(address => $"mode, owner and group of {address.Unix} cannot change while running; restart lbtcp.");

    // As far as the texts tell; names are compared when they have been resolved.
    private static IEnumerable<string> RefuseOverlaps(IEnumerable<ServiceOptions> running, IEnumerable<ServiceOptions> next)
    {
        ListenAddress[] open = [.. running.SelectMany(service => service.Listen)];
        return
            from address in next.SelectMany(service => service.Listen).Except(open)
            let other = Array.Find(open, address.Overlaps)
            where other is not null
            select $"Cannot listen on {address}: lbtcp listens on {other}, which overlaps. Use another port, or restart.";
    }

    private static IEnumerable<string> RefuseShared(IEnumerable<ServiceOptions> services) => services
        .SelectMany(service => service.Listen, (service, address) => (service.Name, Address: address))
        .Where(listener => listener.Address.Port != 0)
        .GroupBy(listener => listener.Address, listener => listener.Name)
        .Where(names => names.Count() > 1)
        .Select(names => $"The services {string.Join(" and ", names)} have the listen address {names.Key} in common.");
}
