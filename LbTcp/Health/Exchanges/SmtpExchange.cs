namespace LbTcp.Health.Exchanges;

/// <summary>
/// The greeting of a mail server, which speaks first (RFC 5321, sections 3.1 and 4.2): 220 is healthy. Any other reply is unhealthy, such
/// as 421 of a server that is too busy and 554 of one that takes no mail. Nothing is sent before the whole greeting was received.
/// </summary>
internal sealed class SmtpExchange() : ProtocolExchange("smtp")
{
    private const int CodeLength = 3;

    private static readonly ReadOnlyMemory<byte> _quit = "QUIT\r\n"u8.ToArray();

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Goodbye => _quit;

    /// <inheritdoc/>
    protected override ExchangeStep Read(ReadOnlySpan<byte> answer)
    {
        if (!IsReply(answer))
            return Foreign(answer);
        ReadOnlySpan<byte> rest = answer;
        while (AnswerText.TryReadLine(rest, out ReadOnlySpan<byte> line, out rest))
        {
            if (line.Length < CodeLength || !IsReply(line))
                return Foreign(answer);
            if (line is [_, _, _, (byte)'-', ..])
                continue; // more lines follow
            return line.StartsWith("220"u8) ? Healthy(AnswerText.Of(line)) : Unhealthy(AnswerText.Of(line));
        }

        return ExchangeStep.NeedsMore;
    }

    /// <summary>Whether a text is a line of a reply or the beginning of one.</summary>
    private static bool IsReply(ReadOnlySpan<byte> text) =>
        !text[..Math.Min(text.Length, CodeLength)].ContainsAnyExceptInRange((byte)'0', (byte)'9')
        && (text.Length <= CodeLength || text[CodeLength] is (byte)' ' or (byte)'-' or (byte)'\r' or (byte)'\n');
}
