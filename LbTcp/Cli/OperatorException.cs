namespace LbTcp.Cli;

/// <summary>
/// An error that the operator can correct. Only the message is printed: one or two sentences that name the flag, file or address.
/// </summary>
/// <param name="exitCode">The exit code of the process.</param>
/// <param name="message">What is wrong, and the remedy where it is not obvious.</param>
internal sealed class OperatorException(ExitCode exitCode, string message) : Exception(message)
{
    /// <summary>The exit code of the process.</summary>
    public ExitCode ExitCode { get; } = exitCode;
}
