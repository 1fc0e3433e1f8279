using System.Net;

namespace LbTcp.Hosting.Operations;

/// <summary>
/// What runs beside the services of a process: the admin endpoint. It cannot fail the process once it has started, and is disposed also if
/// it was not started.
/// </summary>
internal interface IHostCompanion : IAsyncDisposable
{
    /// <summary>Opens its listen address and starts. Called before the services accept clients.</summary>
    /// <param name="view">The process.</param>
    /// <param name="control">Changes the process.</param>
    /// <exception cref="StartException">It cannot start; the process does not start either.</exception>
    Task StartAsync(IHostView view, IHostControl control);

    /// <summary>The addresses that it listens on, once it has started; a backend must not be one of them.</summary>
    IReadOnlyList<EndPoint> LocalEndPoints => [];
}
