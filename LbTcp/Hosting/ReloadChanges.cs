using LbTcp.Diagnostics;

namespace LbTcp.Hosting;

/// <summary>The changes of a plan as lines.</summary>
internal static class ReloadChanges
{
    /// <summary>Returns one line per change, with the words of the log; none if nothing but the order or the comments differ.</summary>
    public static IReadOnlyList<string> Of(HostPlan plan)
    {
        List<string> lines = [];
        using var printer = new RecordPrinter(lines.Add);
        var services = new ServiceLoggers(printer);
        if (plan.Services.Count > 1)
            services.Name();
        new ReloadChangesLog(printer, services).Write(plan);
        return lines;
    }
}
