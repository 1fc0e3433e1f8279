using System.Text.Json.Serialization;
using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin;

/// <summary>
/// The JSON of the API, for the server and the client: names and enums in snake_case, times in RFC 3339 and UTC, durations as numbers of
/// seconds, null written out.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters =
    [
        typeof(SecondsConverter),
        typeof(UtcTimeConverter),
        typeof(LogLevelConverter),
        typeof(SnakeCaseEnumConverter<BackendIntent>),
        typeof(SnakeCaseEnumConverter<ChangeStatus>),
        typeof(SnakeCaseEnumConverter<CheckOutcome>),
        typeof(SnakeCaseEnumConverter<ConnectionState>),
        typeof(SnakeCaseEnumConverter<HealthState>),
        typeof(SnakeCaseEnumConverter<ProcessState>),
        typeof(SnakeCaseEnumConverter<TransitionTrigger>),
    ])]
[JsonSerializable(typeof(ProcessStatus))]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(AccessStatus))]
[JsonSerializable(typeof(ItemList<AccessStatus>))]
[JsonSerializable(typeof(BackendDetail))]
[JsonSerializable(typeof(ConnectionDetail))]
[JsonSerializable(typeof(EventRecord))]
[JsonSerializable(typeof(StateReport))]
[JsonSerializable(typeof(ItemList<ServiceStatus>))]
[JsonSerializable(typeof(ItemList<BackendStatus>))]
[JsonSerializable(typeof(ItemList<HistoryPoint>))]
[JsonSerializable(typeof(ItemList<PickForecast>))]
[JsonSerializable(typeof(ItemList<ConnectionStatus>))]
[JsonSerializable(typeof(ItemPage<ConnectionStatus>))]
[JsonSerializable(typeof(ItemPage<EventRecord>))]
[JsonSerializable(typeof(ItemList<ChangeResult>))]
[JsonSerializable(typeof(ChangeResult))]
[JsonSerializable(typeof(ReloadReport))]
[JsonSerializable(typeof(RebalanceReport))]
[JsonSerializable(typeof(LivenessReport))]
[JsonSerializable(typeof(IntentRequest))]
[JsonSerializable(typeof(WeightRequest))]
[JsonSerializable(typeof(CloseRequest))]
[JsonSerializable(typeof(ReloadRequest))]
[JsonSerializable(typeof(RebalanceRequest))]
[JsonSerializable(typeof(LogLevelRequest))]
[JsonSerializable(typeof(ApiProblem))]
internal sealed partial class ApiJson : JsonSerializerContext;
