namespace LbTcp.Health.Exchanges;

/// <summary>What an exchange does next, after it has seen what was received so far; the default is to wait for more bytes.</summary>
internal readonly record struct ExchangeStep
{
    /// <summary>The answer is incomplete.</summary>
    public static ExchangeStep NeedsMore => default;

    /// <summary>The result of the probe; null while the exchange goes on.</summary>
    public ProbeResult? Result { get; private init; }

    /// <summary>The bytes to send: the next request or, with a result, the goodbye of the protocol.</summary>
    public ReadOnlyMemory<byte> Message { get; private init; }

    /// <summary>Whether more bytes are needed before anything can be done.</summary>
    public bool IsPending => Result is null && Message.IsEmpty;

    /// <summary>
    /// Whether the connection is closed in order; otherwise it is closed at once, because the peer speaks another protocol.
    /// </summary>
    public bool EndsInOrder { get; private init; }

    /// <summary>Drops what was received and sends another request, whose answer is read next.</summary>
    public static ExchangeStep Ask(ReadOnlyMemory<byte> request) => new() { Message = request };

    /// <summary>Ends the exchange in the way of the protocol.</summary>
    /// <param name="result">The result.</param>
    /// <param name="goodbye">
    /// The message after which the backend closes; empty for a protocol without one, where a FIN of this side takes its place.
    /// </param>
    public static ExchangeStep End(ProbeResult result, ReadOnlyMemory<byte> goodbye = default) =>
        new() { Result = result, Message = goodbye, EndsInOrder = true };

    /// <summary>Ends the exchange without a goodbye, which the peer would not understand.</summary>
    public static ExchangeStep BreakOff(ProbeResult result) => new() { Result = result };
}
