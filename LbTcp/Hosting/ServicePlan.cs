using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Hosting;

/// <summary>What a reload does to one service.</summary>
internal sealed record ServicePlan
{
    /// <summary>The effect as a whole.</summary>
    public required ServiceChangeKind Kind { get; init; }

    /// <summary>The options that are in effect; null for an added service.</summary>
    public required ServiceOptions? Running { get; init; }

    /// <summary>The options that will be in effect; null for a removed service.</summary>
    public required ServiceOptions? Next { get; init; }

    /// <summary>The listen addresses that are new.</summary>
    public IReadOnlyList<ListenAddress> Opened { get; init; } = [];

    /// <summary>The listen addresses that are given up.</summary>
    public IReadOnlyList<ListenAddress> Closed { get; init; } = [];

    /// <summary>
    /// The settings that change, in their value or in the content of the file that they name; empty for an added and for a removed service.
    /// </summary>
    public IReadOnlyList<SettingChange> Settings { get; init; } = [];

    /// <summary>
    /// The change of the backends: of the configured ones in a plan, and of the members of the pool, where a name may stand for several,
    /// once the plan was carried out.
    /// </summary>
    public required PoolChange Backends { get; init; }

    /// <summary>Whether the service is to be touched at all; true also for backends in another order.</summary>
    public bool IsTouched { get; private init; } = true;

    /// <summary>The name of the service.</summary>
    public string Name => (Next ?? Running)!.Name;

    /// <summary>Plans to add a service.</summary>
    public static ServicePlan Add(ServiceOptions next) => new()
    {
        Kind = ServiceChangeKind.Added,
        Running = null,
        Next = next,
        Opened = next.Listen,
        Backends = new BackendPool(Array.Empty<BackendOptions>()).Apply(next.Backends),
    };

    /// <summary>Plans to remove a service.</summary>
    public static ServicePlan Remove(ServiceOptions running) => new()
    {
        Kind = ServiceChangeKind.Removed,
        Running = running,
        Next = null,
        Closed = running.Listen,
        Backends = new BackendPool(running.Backends).Apply(Array.Empty<BackendOptions>()),
    };

    /// <summary>Plans to change a service.</summary>
    public static ServicePlan Change(ServiceOptions running, ServiceOptions next)
    {
        PoolChange backends = new BackendPool(running.Backends).Apply(next.Backends);
        ListenAddress[] opened = [.. next.Listen.Except(running.Listen)];
        ListenAddress[] closed = [.. running.Listen.Except(next.Listen)];
        IReadOnlyList<SettingChange> settings = ServiceContents.ChangesBetween(running, next);
        bool isChanged = backends.Added.Count + backends.Removed.Count + backends.Changed.Count + opened.Length + closed.Length > 0
            || settings.Count > 0;
        return new ServicePlan
        {
            Kind = isChanged ? ServiceChangeKind.Changed : ServiceChangeKind.Unchanged,
            Running = running,
            Next = next,
            Opened = opened,
            Closed = closed,
            Settings = settings,
            Backends = backends,
            IsTouched = isChanged || !running.Backends.SequenceEqual(next.Backends),
        };
    }
}
