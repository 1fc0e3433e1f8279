namespace LbTcp.Connections.Linux;

/// <summary>
/// Work that a reactor's thread has to do at a certain time. Times are in milliseconds of <see cref="Environment.TickCount64"/>.
/// </summary>
internal interface IReactorTimer
{
    /// <summary>Returns the time until there is something to do: 0 for now, -1 for nothing at all.</summary>
    int Pause(long now);

    /// <summary>Does what is due.</summary>
    void Run(long now);
}
