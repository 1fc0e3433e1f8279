using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Api;

/// <summary>Verifies the names of services and backends in requests, and finds the ones that were probably meant.</summary>
/// <param name="view">Has the names.</param>
internal sealed class KnownNames(IHostView view)
{
    /// <summary>Verifies the name of a service; null stands for all of them.</summary>
    /// <exception cref="RequestException">There is none with that name.</exception>
    public void VerifyService(string? service)
    {
        if (service is not null && view.ReadServices().All(known => known.Name != service))
            throw NoService(service);
    }

    /// <summary>The answer to a request for a service that does not exist.</summary>
    public RequestException NoService(string service) => ApiRequest.Missing(
        $"There is no service {Quoted.Text(service)}"
        + ApiRequest.Suggest(service, [.. view.ReadServices().Select(known => known.Name)]));

    /// <summary>The answer to a request for a backend that does not exist.</summary>
    public RequestException NoBackend(string service, string backend)
    {
        if (view.ReadServices().All(known => known.Name != service))
            return NoService(service);
        string[] names = [.. view.ReadBackends(service).Select(known => known.Name)];
        return ApiRequest.Missing(
            $"The service {Quoted.Text(service)} has no backend {Quoted.Text(backend)}{ApiRequest.Suggest(backend, names)}");
    }
}
