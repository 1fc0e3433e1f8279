using LbTcp.Configuration;
using LbTcp.Forwarding;

namespace LbTcp.Hosting;

/// <summary>
/// Makes the optional stages of a service's connections from its options and its routes, and makes them anew when these change.
/// </summary>
internal sealed class ServiceStages
{
    private readonly BackendRoutes _routes;
    private readonly Lock _gate = new();

    /// <summary>Creates the stages for the options as they are now.</summary>
    public ServiceStages(CurrentServiceOptions options, BackendRoutes routes)
    {
        _routes = routes;
        Current = new CurrentOptions<ConnectionStages>(StagesFor(options.All.Value));
        options.All.Changed += (_, _) => Update();
        routes.TableChanged += Update;

        void Update()
        {
            lock (_gate) // the last one to enter sees the last change of both
                Current.Replace(StagesFor(options.All.Value));
        }
    }

    /// <summary>The stages that new connections run through.</summary>
    public CurrentOptions<ConnectionStages> Current { get; }

    private ConnectionStages StagesFor(ServiceOptions options) => new(
        ServerName: _routes.Table.Named.Count > 0 ? new ServerNameStage(_routes, options.Preface.PrefaceTimeout) : null);
}
