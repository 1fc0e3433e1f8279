using LbTcp.Admin.Metrics;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;
using Microsoft.Extensions.Logging;

namespace LbTcp.Admin;

/// <summary>What runs beside the services for operators: the admin endpoint, the export of metrics to a collector, or both.</summary>
internal static class AdminCompanion
{
    /// <summary>Returns what creates it with the loggers of the process; null if the options ask for neither.</summary>
    public static Func<ILoggerFactory, IHostCompanion>? For(HostOptions options)
    {
        AdminOptions? admin = AdminOptions.Of(options);
        return admin is null && options.OtlpEndpoint is null ? null : loggers => Create(admin, options.OtlpEndpoint, loggers);
    }

    private static IHostCompanion Create(AdminOptions? admin, Uri? collector, ILoggerFactory loggers)
    {
        AdminServer? server = admin is null ? null : new AdminServer(admin, TimeProvider.System, loggers);
        OtlpExport? export = collector is null ? null : new OtlpExport(collector);
        return HostCompanions.Of(server, export)!;
    }
}
