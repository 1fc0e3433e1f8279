namespace LbTcp.Backends;

/// <summary>Receives a notification when the number of a backend's connections changes.</summary>
internal interface ILoadObserver
{
    /// <summary>
    /// Called after every change of the busy connections, and when the last slot is acquired or released, on the thread that made the
    /// change; must not block.
    /// </summary>
    void LoadChanged();
}
