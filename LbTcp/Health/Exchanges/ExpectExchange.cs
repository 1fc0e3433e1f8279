using LbTcp.Configuration;

namespace LbTcp.Health.Exchanges;

/// <summary>
/// The bytes that the operator has configured: sends some, and is healthy as soon as the answer contains the others. Ends with FIN, as the
/// goodbye of the protocol is unknown.
/// </summary>
/// <param name="send">The bytes to send; null if the backend speaks first.</param>
/// <param name="expect">The bytes to expect; null for any answer.</param>
internal sealed class ExpectExchange(EscapedBytes? send, EscapedBytes? expect)
    : ProtocolExchange(expect is null ? "check_send" : "check_expect")
{
    private const int ExcerptLength = 60;

    private byte[] _start = [];

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Request => send?.Bytes ?? default;

    /// <inheritdoc/>
    protected override string Goal => "the expected bytes";

    /// <inheritdoc/>
    protected override string TooLong => $"the expected bytes are not among the first {MaxKiB} KiB";

    /// <inheritdoc/>
    public override string Describe(string failure) =>
        _start.Length == 0 ? base.Describe(failure) : $"{base.Describe(failure)}; received {EscapedBytes.Quote(_start)}";

    /// <inheritdoc/>
    protected override ExchangeStep Read(ReadOnlySpan<byte> answer)
    {
        _start = answer[..Math.Min(answer.Length, ExcerptLength)].ToArray();
        bool isExpected = expect is null ? answer.Length > 0 : answer.IndexOf(expect.Bytes.Span) >= 0;
        return isExpected ? Healthy(expect is null ? "answered" : "as expected") : ExchangeStep.NeedsMore;
    }
}
