using System.Buffers;

namespace LbTcp.Health.Exchanges;

/// <summary>
/// What one probe says to a backend over one connection, and what the answers mean. Knows no sockets, timers and tokens:
/// <see cref="ExchangeProbe"/> has these. The bytes of the peer are untrusted. Created for each probe; not thread-safe.
/// </summary>
internal abstract class ProbeExchange
{
    /// <summary>The first request; empty if the backend speaks first.</summary>
    public virtual ReadOnlyMemory<byte> Request => default;

    /// <summary>Whether a part of an answer was read.</summary>
    protected abstract bool HasBegun { get; }

    /// <summary>What must be received before there is a result.</summary>
    protected virtual string Goal => "the end of the answer";

    /// <summary>Reads what was received and not consumed yet; called again with more bytes while it needs more.</summary>
    /// <param name="received">The bytes; those that are cut off at the front are consumed and not passed again.</param>
    public abstract ExchangeStep Read(ref ReadOnlySequence<byte> received);

    /// <summary>Describes a failure of this exchange for the log: "redis: timed out after 2s".</summary>
    public abstract string Describe(string failure);

    /// <summary>Returns the result of an answer that the backend has not completed before it closed the connection.</summary>
    public ProbeResult Closed() => new(
        ProbeOutcome.Unhealthy, Describe($"connection closed {(HasBegun ? $"before {Goal}" : "without an answer")}"));
}
