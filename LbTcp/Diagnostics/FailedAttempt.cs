
namespace LbTcp.Diagnostics;

/// <summary>A failed attempt to connect to a backend for a client.</summary>
/// <param name="Backend">The backend's name.</param>
/// <param name="Error">The error, in the operator's terms: "connection refused", "timed out".</param>
internal readonly record struct FailedAttempt(string Backend, string Error);
