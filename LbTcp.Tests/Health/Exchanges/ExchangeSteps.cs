using System.Buffers;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

/// <summary>Plays the backend of an exchange.</summary>
internal static class ExchangeSteps
{
    /// <summary>Sends an answer at once.</summary>
    public static ExchangeStep Receive(this ProbeExchange exchange, params byte[] answer)
    {
        var received = new ReadOnlySequence<byte>(answer);
        return exchange.Read(ref received);
    }

    /// <summary>Sends what was received and not consumed yet, and keeps what the exchange does not consume.</summary>
    public static ExchangeStep Receive(this ProbeExchange exchange, ref byte[] received)
    {
        var sequence = new ReadOnlySequence<byte>(received);
        ExchangeStep step = exchange.Read(ref sequence);
        received = sequence.ToArray();
        return step;
    }

    /// <summary>Sends an answer byte by byte, and expects the exchange to need all of it.</summary>
    public static ExchangeStep ReceiveSplit(this ProbeExchange exchange, params byte[] answer)
    {
        for (int length = 0; length < answer.Length; length++)
            Assert.Equal(ExchangeStep.NeedsMore, exchange.Receive(answer[..length]));
        return exchange.Receive(answer);
    }
}
