namespace LbTcp.Admin.Api;

/// <summary>Serves the description of the API, in OpenAPI 3.1. It is generated from the routes and the records, and embedded.</summary>
internal static class DescriptionRoutes
{
    private const string Resource = "openapi.json";

    private static readonly Lazy<byte[]> _description = new(Read);

    /// <summary>The routes.</summary>
    public static IEnumerable<Route> All => [new("GET", $"{AdminRoutes.Root}{Resource}", WriteAsync)];

    private static async Task WriteAsync(ApiRequest request)
    {
        request.Context.Response.ContentType = "application/json";
        request.Context.Response.ContentLength = _description.Value.Length;
        await request.Context.Response.Body.WriteAsync(_description.Value, request.Aborted);
    }

    private static byte[] Read()
    {
        using Stream resource = typeof(DescriptionRoutes).Assembly.GetManifestResourceStream(Resource)!;
        byte[] bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
