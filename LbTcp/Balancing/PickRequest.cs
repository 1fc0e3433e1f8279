using System.Net;
using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>The input of a pick: one attempt to find a backend for one client.</summary>
/// <param name="client">The client's address, for algorithms that depend on it.</param>
/// <param name="tried">
/// The backends that were already tried for this client's connection; null for none. The list is short, so it is searched linearly.
/// </param>
internal readonly struct PickRequest(IPAddress client, IReadOnlyList<Backend>? tried = null)
{
    /// <summary>The client's address.</summary>
    public IPAddress Client => client;

    /// <summary>Returns whether <paramref name="backend"/> may be picked: it has a free slot and was not tried before.</summary>
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

    /// <summary>Returns whether <paramref name="backend"/> may be picked and is not held.</summary>
    public bool Prefers(Backend backend) => !backend.IsHeld && Allows(backend);

    /// <summary>The same as <see cref="FirstAllowed"/>, but a backend that is held only if there is no other.</summary>
    public Backend? FirstPreferred(ReadOnlySpan<Backend> backends, int start)
    {
        for (int i = 0; i < backends.Length; i++)
        {
            int index = start + i;
            Backend backend = backends[index < backends.Length ? index : index - backends.Length];
            if (Prefers(backend))
                return backend;
        }

        return FirstAllowed(backends, start);
    }

    /// <summary>
    /// Returns the first of <paramref name="backends"/> that may be picked, searching from <paramref name="start"/> to the end and then
    /// from the beginning; null if there is none.
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
