using LbTcp.Backends;
using Microsoft.Extensions.Logging;

namespace LbTcp.Admin;

/// <summary>The body of a request to set the intent for a backend.</summary>
/// <param name="Intent">The intent.</param>
internal sealed record IntentRequest(BackendIntent Intent);

/// <summary>The body of a request to override the weight of a backend.</summary>
/// <param name="Weight">The weight; null for the configured one.</param>
internal sealed record WeightRequest(int? Weight);

/// <summary>The body of a request to read the configuration again.</summary>
/// <param name="DryRun">Whether to say only what would be changed.</param>
internal sealed record ReloadRequest(bool DryRun);

/// <summary>The body of a request to change the minimum level of log lines.</summary>
/// <param name="Level">The level.</param>
internal sealed record LogLevelRequest(LogLevel Level);

/// <summary>The body of a request to end a connection, an empty object.</summary>
internal sealed record CloseRequest;
