namespace LbTcp.Connections.Linux;

/// <summary>A kernel pipe that bytes pass through from one socket to another without being copied into this process.</summary>
internal sealed unsafe class SplicePipe : IPendingBytes, IDisposable
{
    private const int Size = 1024 * 1024;

    private readonly int _readEnd;
    private readonly int _writeEnd;

    private SplicePipe(int readEnd, int writeEnd)
    {
        _readEnd = readEnd;
        _writeEnd = writeEnd;
    }

    /// <summary>The number of bytes in it.</summary>
    public int Length { get; private set; }

    public bool IsEmpty => Length == 0;

    /// <summary>Whether the system has splice(2) and lets this process use it.</summary>
    public static bool IsSupported()
    {
        using SplicePipe? from = TryCreate();
        using SplicePipe? to = TryCreate();
        return from is not null && to is not null
            && LinuxCalls.Splice(from._readEnd, null, to._writeEnd, null, 1, LinuxCalls.SpliceMoveNonBlocking) < 0
            && LinuxCalls.Errno is LinuxCalls.WouldBlock; // nothing in it, and nothing else wrong
    }

    /// <summary>Makes an empty pipe, or null when the system has no descriptors or memory for one.</summary>
    public static SplicePipe? TryCreate()
    {
        int* ends = stackalloc int[2];
        if (LinuxCalls.Pipe(ends, LinuxCalls.PipeNonBlockingCloseOnExec) != 0)
            return null;
        _ = LinuxCalls.Control(ends[1], LinuxCalls.SetPipeSize, Size); // a smaller one works, too
        return new SplicePipe(ends[0], ends[1]);
    }

    /// <summary>Takes what <paramref name="source"/> has received. Only when empty.</summary>
    /// <returns>The number of bytes, 0 for FIN or the mark of urgent data, or the error number negated.</returns>
    public int FillFrom(LinuxSocket source)
    {
        int moved = source.ReceiveInto(_writeEnd, Size);
        Length = Math.Max(moved, 0);
        return moved;
    }

    public int SendTo(LinuxSocket destination)
    {
        int moved = destination.SendFrom(_readEnd, Length);
        Length -= Math.Max(moved, 0);
        return moved;
    }

    public void Release(SplicePipes pipes) => pipes.Return(this);

    public void Dispose()
    {
        _ = LinuxCalls.Close(_readEnd);
        _ = LinuxCalls.Close(_writeEnd);
    }
}
