namespace LbTcp.Health.Exchanges;

/// <summary>
/// PING of a redis server, as an inline command (https://redis.io/docs/latest/develop/reference/protocol-spec/): <c>+PONG</c> is healthy,
/// and so is a refusal for want of a password or of permission, which only a working server gives. Any other error is unhealthy.
/// </summary>
internal sealed class RedisExchange() : ProtocolExchange("redis")
{
    private static readonly ReadOnlyMemory<byte> _ping = "PING\r\n"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> _quit = "QUIT\r\n"u8.ToArray();

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Request => _ping;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Goodbye => _quit;

    /// <inheritdoc/>
    protected override ExchangeStep Read(ReadOnlySpan<byte> answer)
    {
        if (answer is [not (byte)'+' and not (byte)'-', ..])
            return Foreign(answer);
        if (!AnswerText.TryReadLine(answer, out ReadOnlySpan<byte> line, out _))
            return ExchangeStep.NeedsMore;
        if (line.SequenceEqual("+PONG"u8))
            return Healthy("PONG");
        if (line.StartsWith("-NOAUTH"u8) || line.StartsWith("-WRONGPASS"u8) || line.StartsWith("-NOPERM"u8))
            return Refused(AnswerText.Of(line));
        return line[0] == '-' ? Unhealthy(AnswerText.Of(line)) : Foreign(line);
    }
}
