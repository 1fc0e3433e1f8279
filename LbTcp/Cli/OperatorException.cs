using LbTcp.Configuration;

namespace LbTcp.Cli;

/// <summary>
/// Errors that the operator can correct. Only their messages are printed: one or two sentences each, which name the flag, file or address.
/// </summary>
/// <param name="exitCode">The exit code of the process.</param>
/// <param name="errors">The errors; at least one.</param>
/// <param name="hint">A sentence that says where to find help; null for none.</param>
internal sealed class OperatorException(ExitCode exitCode, IReadOnlyList<ConfigurationError> errors, string? hint = null)
    : Exception(errors[0].ToString())
{
    /// <summary>One error that is not in a file.</summary>
    /// <param name="exitCode">The exit code of the process.</param>
    /// <param name="message">What is wrong, and the remedy where it is not obvious.</param>
    public OperatorException(ExitCode exitCode, string message)
        : this(exitCode, [new("", message)])
    {
    }

    /// <summary>The exit code of the process.</summary>
    public ExitCode ExitCode { get; } = exitCode;

    /// <summary>The errors; at least one.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;

    /// <summary>A sentence that says where to find help; null for none.</summary>
    public string? Hint { get; } = hint;
}
