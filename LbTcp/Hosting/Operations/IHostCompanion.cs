namespace LbTcp.Hosting.Operations;

/// <summary>What runs beside the services of a process: the admin endpoint. It cannot fail the process once it has started.</summary>
internal interface IHostCompanion : IAsyncDisposable
{
    /// <summary>Opens its listen address and starts. Called before the services accept clients.</summary>
    /// <param name="view">The process.</param>
    /// <param name="control">Changes the process.</param>
    /// <exception cref="StartException">It cannot start; the process does not start either.</exception>
    Task StartAsync(IHostView view, IHostControl control);
}
