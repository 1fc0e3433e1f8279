namespace LbTcp.Backends;

/// <summary>Wants to know when a backend has more or fewer connections than before.</summary>
internal interface ILoadObserver
{
    /// <summary>A count of the backend has changed. Called after every change, on the thread that made it; must not block.</summary>
    void LoadChanged();
}
