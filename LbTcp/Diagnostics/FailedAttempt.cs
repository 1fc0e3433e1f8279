
namespace LbTcp.Diagnostics;

/// <summary>One backend that was tried for a connection and did not take it.</summary>
/// <param name="Backend">The backend's name.</param>
/// <param name="Error">What happened, in an operator's words: "connection refused", "timed out".</param>
internal readonly record struct FailedAttempt(string Backend, string Error);
