using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LbTcp.Admin;
using LbTcp.Admin.Api;
using LbTcp.Admin.Metrics;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using NSubstitute;

namespace LbTcp.Tests.Repository;

/// <summary>The description of the API in OpenAPI 3.1, made from the routes and from the records with their documentation.</summary>
internal static class ApiDescription
{
    private static readonly JsonSerializerOptions _format = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // no page shows it
        NewLine = "\n",
    };

    private static readonly Dictionary<string, ApiOperation> _operations = new()
    {
        ["GET /api/v1/process"] = new("The state of the process.", typeof(ProcessStatus)),
        ["GET /api/v1/services"] = new("All services, in the order of the configuration.", typeof(ItemList<ServiceStatus>)),
        ["GET /api/v1/services/{service}"] = new("One service.", typeof(ServiceStatus)),
        ["GET /api/v1/services/{service}/access"] = new("Whether a service admits a client, and by which rule.", typeof(AccessStatus)),
        ["GET /api/v1/backends"] = new("The backends of all services or of one.", typeof(ItemList<BackendStatus>)),
        ["GET /api/v1/backends/{service}/{backend}"] = new("One backend, with its latest checks and changes.", typeof(BackendDetail)),
        ["GET /api/v1/history"] = new("The last 15 minutes, in periods of 5 seconds, the oldest first.", typeof(ItemList<HistoryPoint>)),
        ["GET /api/v1/explain"] = new("Where a new connection of a client would go now, and why.", typeof(ItemList<PickForecast>)),
        ["GET /api/v1/state/stream"] = new(
            "The state at once and in every interval, as server-sent events \"state\".", typeof(StateReport)),
        ["GET /api/v1/connections"] = new(
            "The open connections that match, by ascending id, in parts.", typeof(ItemPage<ConnectionStatus>)),
        ["GET /api/v1/connections/{id}"] = new("One open connection, and how its backend was found.", typeof(ConnectionDetail)),
        ["GET /api/v1/events"] = new("The latest events of the log, the oldest first, in parts.", typeof(ItemPage<EventRecord>)),
        ["GET /api/v1/events/stream"] = new(
            "New events, and first those after an id, as server-sent events \"event\". A client that comes again sends the header "
            + "Last-Event-ID. A record with the code 0 tells that events before it are missing.", typeof(EventRecord)),
        ["POST /api/v1/backends/{service}/{backend}/intent"] = new(
            "Sets what the operator wants of a backend.", typeof(ChangeResult), typeof(IntentRequest)),
        ["POST /api/v1/backends/{service}/{backend}/weight"] = new(
            "Overrides the weight of a backend; null removes the override.", typeof(ChangeResult), typeof(WeightRequest)),
        ["POST /api/v1/connections/{id}/close"] = new("Ends a connection with a reset of both sides.", typeof(ChangeResult)),
        ["POST /api/v1/reload"] = new(
            "Reads the configuration again and applies it. What is wrong with it is in the answer, whose status is 200 then as well.",
            typeof(ReloadReport), typeof(ReloadRequest))
        { OptionalMembers = ["dry_run"] },
        ["POST /api/v1/rebalance"] = new(
            "Moves connections from backends that have more than their share: closes the longest idle ones, slowly.",
            typeof(RebalanceReport), typeof(RebalanceRequest))
        { OptionalMembers = ["service", "per_second", "tolerance"] },
        ["POST /api/v1/log-level"] = new(
            "Changes the minimum level of log lines until a reload changes log_level.",
            typeof(ChangeResult), typeof(LogLevelRequest)),
        ["GET /api/v1/openapi.json"] = new("This description.", null),
        ["GET /healthz"] = new("200 if event loops and periodic work turn; otherwise 503 and what does not. Needs no token.", null),
        ["GET /readyz"] = new(
            "200 if the process runs and every service, or the given one, has an available backend; otherwise 503 and why not. Needs no "
            + "token.", null),
    };

    private static readonly Dictionary<string, string> _parameters = new()
    {
        ["service"] = "the name of a service",
        ["backend"] = "the name of a backend",
        ["id"] = "the id of a connection in hexadecimal, as in the log",
        ["client"] = "the address of a client; for connections also a network, 10.0.0.0/8",
        ["idle"] = "the minimum time without a byte: 5m",
        ["limit"] = "the maximum number of items, 1 to 1000000; 1000 if it is not given",
        ["after"] = "the id behind which the items begin, from the member next of the part before",
        ["interval"] = "the time between two states, 250ms to 1m; 1s if it is not given",
    };

    /// <summary>Writes the description.</summary>
    public static string Write()
    {
        var schemas = new ApiSchemas();
        IHostView view = Substitute.For<IHostView>();
        view.Events.Returns(new EventLog(1));
        using var metrics = new PrometheusScrape(view);
        IReadOnlyList<Route> routes =
            AdminRoutes.Create(view, Substitute.For<IHostControl>(), metrics, TimeProvider.System, CancellationToken.None);
        var paths = new JsonObject(routes
            .Where(IsDescribed)
            .GroupBy(route => route.Pattern)
            .Select(path => new KeyValuePair<string, JsonNode?>(path.Key, new JsonObject(path.Select(
                route => new KeyValuePair<string, JsonNode?>(route.Method.ToLowerInvariant(), Operation(route, schemas)))))));
        _ = schemas.Reference(typeof(ApiProblem));
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "LbTcp",
                ["version"] = "1",
                ["description"] = "Shows and changes a running lbtcp. Times are in RFC 3339 and UTC, durations are numbers of seconds, "
                    + "sizes numbers of bytes. A failure is a problem of RFC 9457.",
            },
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["token"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = schemas.ToJson(),
            },
        }.ToJsonString(_format) + "\n";
    }

    // The page and the metrics have forms of their own.
    private static bool IsDescribed(Route route) =>
        route.Pattern.StartsWith(AdminRoutes.Root, StringComparison.Ordinal) || _operations.ContainsKey($"{route.Method} {route.Pattern}");

    private static JsonObject Operation(Route route, ApiSchemas schemas)
    {
        Assert.True(
            _operations.TryGetValue($"{route.Method} {route.Pattern}", out ApiOperation? operation), $"{route.Pattern} is not described.");
        var described = new JsonObject { ["summary"] = operation.Summary };
        IEnumerable<string> inPath = route.Segments.Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}'));
        JsonNode?[] parameters =
            [.. inPath.Select(name => Parameter(name, "path")), .. route.Query.Select(name => Parameter(name, "query"))];
        if (parameters.Length > 0)
            described["parameters"] = new JsonArray(parameters);
        if (operation.Body is not null)
        {
            described["requestBody"] = new JsonObject
            {
                ["required"] = operation.OptionalMembers.Length == 0,
                ["content"] = Content("application/json", schemas.Reference(operation.Body, operation.OptionalMembers)),
            };
        }

        described["responses"] = new JsonObject
        {
            ["200"] = Answer(route, operation, schemas),
            ["default"] = new JsonObject
            {
                ["description"] = "Why the request failed.",
                ["content"] = Content(ApiProblem.ContentType, schemas.Reference(typeof(ApiProblem))),
            },
        };
        return described;
    }

    private static JsonObject Answer(Route route, ApiOperation operation, ApiSchemas schemas)
    {
        JsonObject schema = operation.Answer is null ? [] : schemas.Reference(operation.Answer);
        JsonObject content = operation.Answer is null
            ? Content(route.Pattern.EndsWith(".json", StringComparison.Ordinal) ? "application/json" : "text/plain", schema)
            : route.IsStream
                ? Content("text/event-stream", new JsonObject
                {
                    ["type"] = "string",
                    ["description"] = "the data of each event",
                    ["contentMediaType"] = "application/json",
                    ["contentSchema"] = schema,
                })
                : Content("application/json", schema);
        return new JsonObject { ["description"] = "The answer.", ["content"] = content };
    }

    private static JsonObject Parameter(string name, string place) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["description"] = _parameters[name],
        ["schema"] = new JsonObject { ["type"] = name == "limit" ? "integer" : "string" },
    };

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };
}

/// <summary>What the routes do not say of an operation.</summary>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Answer">The type of the answer, or of the data of each event of a stream; null for one that is not described.</param>
/// <param name="Body">The type of the body.</param>
internal sealed record ApiOperation(string Summary, Type? Answer, Type? Body = null)
{
    /// <summary>The members of the body that may be left out.</summary>
    public string[] OptionalMembers { get; init; } = [];
}
