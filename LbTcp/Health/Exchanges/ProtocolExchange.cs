using System.Buffers;

namespace LbTcp.Health.Exchanges;

/// <summary>An exchange with short answers, each of which is kept until it is complete.</summary>
/// <param name="name">The name of the protocol, with which every detail of a result begins.</param>
internal abstract class ProtocolExchange(string name) : ProbeExchange
{
    /// <summary>The maximum size of an answer in KiB.</summary>
    public const int MaxKiB = 4;

    private const int MaxBytes = MaxKiB * 1024;

    private bool _hasBegun;

    /// <summary>
    /// The message with which this side ends the exchange, so that the backend closes the connection; empty for a protocol without one.
    /// </summary>
    protected virtual ReadOnlyMemory<byte> Goodbye => default;

    /// <summary>What is wrong with an answer that exceeds the maximum size.</summary>
    protected virtual string TooLong => $"the answer is longer than {MaxKiB} KiB";

    /// <inheritdoc/>
    protected override bool HasBegun => _hasBegun;

    /// <inheritdoc/>
    public override ExchangeStep Read(ref ReadOnlySequence<byte> received)
    {
        _hasBegun = !received.IsEmpty;
        ReadOnlySequence<byte> start = received.Slice(0, Math.Min(received.Length, MaxBytes));
        ExchangeStep step = Read(start.IsSingleSegment ? start.FirstSpan : start.ToArray());
        return step.IsPending && received.Length >= MaxBytes ? BreakOff(TooLong) : step;
    }

    /// <inheritdoc/>
    public override string Describe(string failure) => $"{name}: {failure}";

    /// <summary>
    /// Reads an answer. Must depend on these bytes and on completed answers only: they are passed again, with those that follow, while more
    /// are needed.
    /// </summary>
    /// <param name="answer">The answer from its first byte, at most 4 KiB; what follows it may be included.</param>
    protected abstract ExchangeStep Read(ReadOnlySpan<byte> answer);

    /// <summary>Ends the exchange: the backend works.</summary>
    /// <param name="text">The answer for the log, safe and short: see <see cref="AnswerText"/>.</param>
    protected ExchangeStep Healthy(string text) => End(ProbeOutcome.Healthy, text);

    /// <summary>Ends the exchange: the backend refuses this check for a reason that only a working one gives.</summary>
    /// <param name="text">The answer for the log, safe and short: see <see cref="AnswerText"/>.</param>
    protected ExchangeStep Refused(string text) => Healthy($"{text} (the server works)");

    /// <summary>Ends the exchange: the backend does not work, as its answer says.</summary>
    /// <param name="text">The answer for the log, safe and short: see <see cref="AnswerText"/>.</param>
    protected ExchangeStep Unhealthy(string text) => End(ProbeOutcome.Unhealthy, text);

    /// <summary>Ends the exchange at once: the backend speaks another protocol.</summary>
    /// <param name="answer">What was received.</param>
    protected ExchangeStep Foreign(ReadOnlySpan<byte> answer) => BreakOff($"unexpected answer '{AnswerText.Of(answer)}'");

    private ExchangeStep BreakOff(string text) =>
        ExchangeStep.BreakOff(new ProbeResult(ProbeOutcome.Unhealthy, Describe(text), IsAnswer: true));

    private ExchangeStep End(ProbeOutcome outcome, string text) =>
        ExchangeStep.End(new ProbeResult(outcome, Describe(text), IsAnswer: true), Goodbye);
}
