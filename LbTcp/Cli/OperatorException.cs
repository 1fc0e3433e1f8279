namespace LbTcp.Cli;

/// <summary>Something that the operator can put right. The message is all that is printed: one or two sentences that name the flag, file or address.</summary>
/// <param name="exitCode">What the program reports to the shell.</param>
/// <param name="message">What is wrong, and the way out where it is not plain.</param>
internal sealed class OperatorException(ExitCode exitCode, string message) : Exception(message)
{
    /// <summary>What the program reports to the shell.</summary>
    public ExitCode ExitCode { get; } = exitCode;
}
