namespace LbTcp.Health.Exchanges;

/// <summary>
/// The command <c>version</c> of memcached (doc/protocol.txt of its sources). A server that asks for authentication first is healthy, too:
/// only a working one does. An error is unhealthy, such as that of a server at its limit of connections.
/// </summary>
internal sealed class MemcachedExchange() : ProtocolExchange("memcached")
{
    private static readonly ReadOnlyMemory<byte> _version = "version\r\n"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> _quit = "quit\r\n"u8.ToArray();

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Request => _version;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Goodbye => _quit;

    /// <inheritdoc/>
    protected override ExchangeStep Read(ReadOnlySpan<byte> answer)
    {
        if (answer is [not (byte)'V' and not (byte)'C' and not (byte)'E' and not (byte)'S', ..])
            return Foreign(answer);
        if (!AnswerText.TryReadLine(answer, out ReadOnlySpan<byte> line, out _))
            return ExchangeStep.NeedsMore;
        if (line.StartsWith("VERSION "u8))
            return Healthy(AnswerText.Of(line));
        if (line.StartsWith("CLIENT_ERROR unauthenticated"u8))
            return Refused(AnswerText.Of(line));
        return line.StartsWith("ERROR"u8) || line.StartsWith("SERVER_ERROR"u8) || line.StartsWith("CLIENT_ERROR"u8)
            ? Unhealthy(AnswerText.Of(line))
            : Foreign(line);
    }
}
