using LbTcp.Diagnostics;
using LbTcp.Hosting;

namespace LbTcp.Cli;

/// <summary>What a reload would change, in the lines that it would log.</summary>
internal static class ReloadPlan
{
    /// <summary>Writes a line per change and the numbers of backends; one line if nothing but the order or the comments differ.</summary>
    public static void Write(HostPlan plan, TextWriter output)
    {
        if (plan.IsEmpty)
        {
            output.WriteLine("no change");
            return;
        }

        using var printer = new RecordPrinter(output);
        var services = new ServiceLoggers(printer);
        if (plan.Services.Count > 1)
            services.Name();
        new ReloadChangesLog(printer, services).Write(plan);
        output.WriteLine($"backends added={plan.Added} changed={plan.Changed} removed={plan.Removed} unchanged={plan.Unchanged}");
    }
}
