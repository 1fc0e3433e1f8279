namespace LbTcp.Hosting;

/// <summary>The host cannot start, for a reason that the operator can correct.</summary>
/// <param name="message">What is wrong, in one or two sentences that name the setting or the address.</param>
/// <param name="isConfigurationError">Whether the configuration is wrong; otherwise the system refuses what it asks for.</param>
internal sealed class StartException(string message, bool isConfigurationError) : Exception(message)
{
    /// <summary>Whether the configuration is wrong; otherwise the system refuses what it asks for.</summary>
    public bool IsConfigurationError { get; } = isConfigurationError;
}
