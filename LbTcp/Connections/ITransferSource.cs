namespace LbTcp.Connections;

/// <summary>A connection that can copy to another one without using the pipes of the two.</summary>
internal interface ITransferSource
{
    /// <summary>
    /// Starts to copy to <paramref name="destination"/>. Returns null if there is no such way, or a pipe was used: it may hold bytes, which
    /// go first.
    /// </summary>
    Transfer? TryBeginTransfer(IConnection destination, TransferRace? race);
}
