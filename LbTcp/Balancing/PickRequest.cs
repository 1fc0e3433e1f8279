using System.Net;
using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>What a pick is made for: one attempt to find a backend for one client.</summary>
/// <param name="client">The client's address, for the algorithms that go by it.</param>
/// <param name="tried">
/// The backends that this client's connection has been tried with; null for none. There are few, so it is searched.
/// </param>
internal readonly struct PickRequest(IPAddress client, IReadOnlyList<Backend>? tried = null)
{
    /// <summary>The client's address.</summary>
    public IPAddress Client => client;

    /// <summary>Whether <paramref name="backend"/> may be picked: it has room, and was not tried before.</summary>
    public bool Allows(Backend backend)
    {
        if (backend.IsFull)
            return false;
        if (tried is null)
            return true;
        for (int i = 0; i < tried.Count; i++)
        {
            if (tried[i] == backend)
                return false;
        }

        return true;
    }

    /// <summary>
    /// The first of <paramref name="backends"/> that may be picked, searched from <paramref name="start"/> on and around; null when there
    /// is none.
    /// </summary>
    public Backend? FirstAllowed(ReadOnlySpan<Backend> backends, int start)
    {
        foreach (Backend backend in backends[start..])
        {
            if (Allows(backend))
                return backend;
        }

        foreach (Backend backend in backends[..start])
        {
            if (Allows(backend))
                return backend;
        }

        return null;
    }
}
