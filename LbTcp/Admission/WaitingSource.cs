using LbTcp.Diagnostics;

namespace LbTcp.Admission;

/// <summary>The clients of one source that wait, first in, first out. Guarded by the queue.</summary>
/// <param name="source">The source.</param>
internal sealed class WaitingSource(SourceKey source)
{
    /// <summary>The source.</summary>
    public SourceKey Source { get; } = source;

    /// <summary>The clients, in the order of their arrival.</summary>
    public LinkedList<WaitingClient> Clients { get; } = [];

    /// <summary>The limit that the first client exceeded at the last attempt.</summary>
    public ConnectionEndReason Refusal { get; private set; } = ConnectionEndReason.RateLimit;

    /// <summary>When the next attempt is due; <see cref="long.MaxValue"/> when a connection of the source has ended.</summary>
    public long DueAt { get; private set; }

    /// <summary>Postpones the next attempt.</summary>
    public void Postpone(ConnectionEndReason refusal, long dueAt) => (Refusal, DueAt) = (refusal, dueAt);

    /// <summary>Makes the next attempt due at once.</summary>
    public void Hasten() => DueAt = 0;
}
