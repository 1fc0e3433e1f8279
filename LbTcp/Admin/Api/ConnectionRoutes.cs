using System.Globalization;
using System.Net;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Api;

/// <summary>Shows connections.</summary>
/// <param name="view">The process.</param>
/// <param name="names">Verifies names.</param>
internal sealed class ConnectionRoutes(IHostView view, KnownNames names)
{
    private const int DefaultLimit = 1_000;
    private const int LargestLimit = 1_000_000;

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new(
            "GET", $"{AdminRoutes.Root}connections", ReadConnectionsAsync, "service", "backend", "client", "idle", "limit", "after"),
        new("GET", $"{AdminRoutes.Root}connections/{{id}}", ReadConnectionAsync),
    ];

    /// <summary>Reads the id of a connection, which is hexadecimal as in the log.</summary>
    /// <exception cref="RequestException">It is none.</exception>
    public static long ReadId(string text) =>
        text.Length <= 16 && long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long id) && id >= 0
            ? id
            : throw ApiRequest.Bad($"{Quoted.Text(text)} is not the id of a connection; write it as in the log: 1f3.");

    /// <summary>Reads the maximum number of items.</summary>
    /// <exception cref="RequestException">It is none.</exception>
    public static int ReadLimit(string? text) =>
        text is null ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= LargestLimit ? limit
        : throw ApiRequest.Bad($"The parameter limit is {Quoted.Text(text)}, which is not a whole number from 1 to {LargestLimit}.");

    /// <summary>The answer to a request for a connection that does not exist.</summary>
    public static RequestException NoConnection(string id) =>
        ApiRequest.Missing($"There is no connection {Quoted.Text(id)}; it has ended, or the id is not of this process.");

    private Task ReadConnectionsAsync(ApiRequest request)
    {
        int limit = ReadLimit(request.Parameter("limit"));
        var filter = new ConnectionFilter
        {
            Service = request.Parameter("service"),
            Backend = request.Parameter("backend"),
            Client = request.Parameter("client") is { } client ? ReadNetwork(client) : null,
            Idle = request.Parameter("idle") is { } idle ? ReadIdle(idle) : null,
            After = request.Parameter("after") is { } after ? ReadId(after) : 0,
        };
        names.VerifyService(filter.Service);
        return ApiAnswer.WritePageAsync(
            request.Context, view.ReadConnections(filter), limit, ApiJson.Default.ConnectionStatus, connection => connection.Id);
    }

    private Task ReadConnectionAsync(ApiRequest request)
    {
        string id = request.Value("id");
        ConnectionDetail connection = view.ReadConnection(ReadId(id)) ?? throw NoConnection(id);
        return ApiAnswer.WriteAsync(request.Context, connection, ApiJson.Default.ConnectionDetail);
    }

    // An address stands for the network of it alone.
    private static IPNetwork ReadNetwork(string text)
    {
        if (IPNetwork.TryParse(text, out IPNetwork network))
            return network;
        return IPAddress.TryParse(text, out IPAddress? address) && !text.Contains('/')
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw ApiRequest.Bad(
                $"The parameter client is {Quoted.Text(text)}, which is not an address or a network; write 10.0.0.9 or 10.0.0.0/8.");
    }

    private static TimeSpan ReadIdle(string text) => Duration.TryParse(text, out TimeSpan idle, out string? problem)
        ? idle
        : throw ApiRequest.Bad($"The parameter idle: {problem}");
}
