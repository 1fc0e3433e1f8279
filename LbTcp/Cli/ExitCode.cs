namespace LbTcp.Cli;

/// <summary>The exit code of the process.</summary>
internal enum ExitCode
{
    /// <summary>Stopped on request, or printed what was requested.</summary>
    Success = 0,

    /// <summary>Could not start, or failed while running: port in use, permission denied.</summary>
    Failure = 1,

    /// <summary>Wrong command line or backends file.</summary>
    Usage = 2,
}
