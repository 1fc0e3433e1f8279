using System.Buffers;

namespace LbTcp.Connections.Linux;

/// <summary>
/// Moves bytes from one connection of a reactor to another: small messages through the reactor's scratch buffer, bulk through a kernel pipe.
/// A buffer is held only for what the destination has no room for.
/// </summary>
internal static class EpollCopy
{
    private const int Fin = 0;

    /// <summary>Copies until the source's FIN. Runs on the reactor's thread.</summary>
    /// <exception cref="ConnectionException">One of the two failed.</exception>
    public static async Task RunAsync(EpollConnection source, EpollConnection destination)
    {
        Reactor reactor = source.Reactor;
        int left = Reactor.BytesPerTurn;
        bool isBulk = false;
        while (true)
        {
            await source.ReadableAsync();
            await destination.WritableAsync(); // as long as there is no room, nothing is taken that would have to be kept
            int moved;
            if (isBulk && reactor.Pipes.TryRent() is { } pipe)
            {
                moved = await SpliceAsync(source, destination, pipe);
            }
            else
            {
                moved = source.Receive(reactor.Scratch);
                int sent = moved > 0 ? destination.Send(reactor.Scratch[..moved]) : moved;
                if (sent < moved)
                    await SendRestAsync(destination, Keep(reactor.Scratch[sent..moved]), moved - sent);
            }

            if (moved == Fin)
                break;
            if (moved < 0)
                continue;
            isBulk = moved >= reactor.Scratch.Length;
            left -= moved;
            if (left > 0)
                continue;
            await reactor.NextTurnAsync();
            left = Reactor.BytesPerTurn;
        }

        source.IsInputDone = true;
    }

    private static async ValueTask<int> SpliceAsync(EpollConnection source, EpollConnection destination, SplicePipe pipe)
    {
        try
        {
            int moved = pipe.Fill(source);
            while (pipe.Length > 0)
            {
                await destination.WritableAsync();
                pipe.Drain(destination);
            }

            return moved;
        }
        finally
        {
            source.Reactor.Pipes.Return(pipe);
        }
    }

    private static byte[] Keep(ReadOnlySpan<byte> bytes)
    {
        byte[] kept = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(kept);
        return kept;
    }

    private static async ValueTask SendRestAsync(EpollConnection destination, byte[] kept, int length)
    {
        try
        {
            for (int sent = 0; sent < length;)
            {
                await destination.WritableAsync();
                sent += destination.Send(kept.AsSpan(sent, length - sent));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(kept);
        }
    }
}
