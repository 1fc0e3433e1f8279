using System.Text.Json;
using System.Text.Json.Serialization;

namespace LbTcp.Admin;

/// <summary>Writes an enum as its name in snake_case.</summary>
/// <typeparam name="T">The enum.</typeparam>
internal sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
