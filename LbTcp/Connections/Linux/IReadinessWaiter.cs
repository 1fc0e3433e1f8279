namespace LbTcp.Connections.Linux;

/// <summary>What waits for a connection to become readable or writable.</summary>
internal interface IReadinessWaiter
{
    /// <summary>The connection is ready, or has failed; it may also be a false alarm. On the reactor's thread.</summary>
    void OnReady();
}
