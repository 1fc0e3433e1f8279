namespace LbTcp.Cli;

/// <summary>How the next backend is chosen, as the operator names it.</summary>
internal enum Algorithm
{
    /// <summary>In turn.</summary>
    RoundRobin,
}
