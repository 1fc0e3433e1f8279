using System.IO.Pipelines;

namespace LbTcp.Connections;

/// <summary>Copies between any two pipes.</summary>
internal sealed class PipeTransfer : Transfer
{
    private PipeTransfer(TransferRace? race)
        : base(race)
    {
    }

    /// <summary>Starts to copy from the calling thread's context.</summary>
    public static new PipeTransfer Begin(PipeReader source, PipeWriter destination, TransferRace? race)
    {
        var transfer = new PipeTransfer(race);
        _ = transfer.RunAsync(source, destination); // never throws
        return transfer;
    }

    // Every await asks for the context: the transfer ends on the thread that it began on, where that has one.
    private async Task RunAsync(PipeReader source, PipeWriter destination)
    {
        try
        {
            await FlushAsync(source, destination);
            bool isOpen = true;
            long leftOfTurn = BytesPerTurn;
            while (isOpen)
            {
                if (leftOfTurn <= 0)
                {
                    leftOfTurn = BytesPerTurn;
                    await Task.Yield();
                }

                ReadResult read = await source.ReadAsync();
                CountReceived(read.Buffer.Length);
                leftOfTurn -= read.Buffer.Length;
                isOpen = !read.IsCompleted;
                SequencePosition consumed = read.Buffer.Start;
                try
                {
                    for (SequencePosition next = consumed; read.Buffer.TryGet(ref next, out ReadOnlyMemory<byte> segment);)
                    {
                        isOpen &= !(await destination.WriteAsync(segment)).IsCompleted;
                        CountSent(segment.Length);
                        consumed = next.GetObject() is null ? read.Buffer.End : next;
                    }
                }
                finally
                {
                    source.AdvanceTo(consumed);
                }
            }
        }
        catch (Exception exception)
        {
            Fail(exception); // concerns the code that awaits the transfer, a defect included
            return;
        }

        Complete();
    }

    // What the destination holds goes out at once: the source may wait for an answer to it. With the first bytes if they are there.
    private static ValueTask<FlushResult> FlushAsync(PipeReader source, PipeWriter destination)
    {
        if (!destination.CanGetUnflushedBytes || destination.UnflushedBytes == 0)
            return default;
        if (!source.TryRead(out ReadResult read))
            return destination.FlushAsync();
        source.AdvanceTo(read.Buffer.Start);
        return default;
    }
}
