using Microsoft.Extensions.Logging;

namespace LbTcp.Diagnostics;

/// <summary>A record of the log that tells of a change: of health, of the configuration, of a limit, by an operator.</summary>
/// <param name="Id">Its number, from 1 on, without gaps.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Level">The level.</param>
/// <param name="Code">The event id, as in <see cref="EventIds"/>.</param>
/// <param name="Message">The message, without the fields.</param>
/// <param name="Service">The service that it concerns; null for the process.</param>
/// <param name="Backend">The name of the backend that it concerns, or null.</param>
/// <param name="Fields">The other fields with their values as in the log, unescaped.</param>
internal sealed record EventRecord(
    long Id,
    DateTimeOffset Time,
    LogLevel Level,
    int Code,
    string Message,
    string? Service,
    string? Backend,
    IReadOnlyList<KeyValuePair<string, string>> Fields);
