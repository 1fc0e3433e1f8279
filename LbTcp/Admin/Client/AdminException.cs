namespace LbTcp.Admin.Client;

/// <summary>A request to the admin endpoint that failed. The message is one sentence for the operator.</summary>
/// <param name="failure">What failed.</param>
/// <param name="message">The sentence; text from outside is escaped.</param>
/// <param name="inner">The cause; null for an answer of the server.</param>
internal sealed class AdminException(AdminFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What failed.</summary>
    public AdminFailure Failure { get; } = failure;
}
