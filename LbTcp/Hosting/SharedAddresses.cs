using System.Net;
using LbTcp.Backends;

namespace LbTcp.Hosting;

/// <summary>
/// Finds backends that are the same server by different names, such as localhost and 127.0.0.1: it would get the connections of both, be
/// checked twice and be limited twice.
/// </summary>
internal static class SharedAddresses
{
    /// <summary>Returns a warning for each backend that has a resolved address in common with an earlier one.</summary>
    public static IEnumerable<string> Describe(IEnumerable<Backend> backends)
    {
        var known = new Dictionary<EndPoint, Backend>();
        foreach (Backend backend in backends)
        {
            foreach (EndPoint endPoint in backend.EndPoints)
            {
                if (known.TryAdd(endPoint, backend))
                    continue;
                yield return $"The backends {known[endPoint].Url} and {backend.Url} have the address {endPoint} in common; it gets the "
                    + "connections of both. Remove one of the two lines unless that is intended.";
                break;
            }
        }
    }
}
