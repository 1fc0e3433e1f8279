namespace LbTcp.Connections.Linux;

/// <summary>Receives the events of one descriptor.</summary>
internal interface IEventHandler
{
    /// <summary>Called on the thread of the reactor whose epoll set reported the events.</summary>
    void OnEvents(EpollEvents events);
}
