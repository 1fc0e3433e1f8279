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

        foreach (string line in ReloadChanges.Of(plan))
            output.WriteLine(line);
        output.WriteLine($"backends added={plan.Added} changed={plan.Changed} removed={plan.Removed} unchanged={plan.Unchanged}");
    }
}
