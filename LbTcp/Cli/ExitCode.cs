namespace LbTcp.Cli;

/// <summary>What the program reports to the shell.</summary>
internal enum ExitCode
{
    /// <summary>A clean stop, or a page that was asked for.</summary>
    Success = 0,

    /// <summary>It could not start, or failed while running: port in use, no permission.</summary>
    Failure = 1,

    /// <summary>The command line or the backends file is wrong.</summary>
    Usage = 2,
}
