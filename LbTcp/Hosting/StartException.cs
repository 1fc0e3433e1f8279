namespace LbTcp.Hosting;

/// <summary>The host cannot start, for a reason that the operator can correct.</summary>
/// <param name="message">The error, in one or two sentences that name the setting or the address.</param>
/// <param name="isConfigurationError">Whether the configuration is wrong; otherwise the system refused it.</param>
internal sealed class StartException(string message, bool isConfigurationError) : Exception(message)
{
    /// <summary>Whether the configuration is wrong; otherwise the system refused it.</summary>
    public bool IsConfigurationError { get; } = isConfigurationError;
}
