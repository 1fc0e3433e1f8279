namespace LbTcp.Connections.Linux;

/// <summary>A kernel pipe that bytes pass through from one socket to another without being copied into this process.</summary>
internal sealed unsafe class SplicePipe : IDisposable
{
    /// <summary>The maximum number of bytes in it: what a destination without room may leave to be kept in memory.</summary>
    public const int MaxFilling = 256 * 1024;

    // The system counts buffers, not bytes: each piece of a received segment takes one of 4 KiB, and full segments of Ethernet need 46 of
    // them for 64 KiB.
    private const int WantedSize = 1024 * 1024;

    // The least that is worth its two calls for each filling. The system makes pipes of 8 KiB for a user whose pipes have reached
    // fs.pipe-user-pages-soft (pipe(7)).
    private const int LeastSize = 64 * 1024;

    private readonly int _readEnd;
    private readonly int _writeEnd;

    private SplicePipe(int readEnd, int writeEnd)
    {
        _readEnd = readEnd;
        _writeEnd = writeEnd;
    }

    /// <summary>The number of bytes in it.</summary>
    public int Length { get; private set; }

    /// <summary>Whether it holds nothing.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Whether the system has splice(2) and lets this process use it.</summary>
    public static bool IsSupported()
    {
        using SplicePipe? from = Open();
        using SplicePipe? to = Open();
        return from is not null && to is not null
            && LinuxCalls.Splice(from._readEnd, null, to._writeEnd, null, 1, LinuxCalls.SpliceMoveNonBlocking) < 0
            && LinuxCalls.Errno is LinuxCalls.WouldBlock; // nothing in it, and nothing else wrong
    }

    /// <summary>
    /// Makes an empty pipe, or returns null when the system has no descriptors or memory for one, or gives only a small one.
    /// </summary>
    public static SplicePipe? TryCreate() => TryCreate(LeastSize);

    /// <inheritdoc cref="TryCreate()"/>
    /// <param name="leastSize">The least size that is of use, in bytes.</param>
    public static SplicePipe? TryCreate(int leastSize)
    {
        SplicePipe? pipe = Open();
        if (pipe is null
            || LinuxCalls.Control(pipe._writeEnd, LinuxCalls.SetPipeSize, WantedSize) >= leastSize
            || LinuxCalls.Control(pipe._writeEnd, LinuxCalls.GetPipeSize, 0) >= leastSize)
            return pipe;
        pipe.Dispose();
        return null;
    }

    /// <summary>Takes what <paramref name="source"/> has received. Must be empty.</summary>
    /// <param name="source">The socket.</param>
    /// <param name="filling">The maximum number of bytes to take.</param>
    /// <returns>The number of bytes, 0 for FIN or the mark of urgent data, or the error number negated.</returns>
    public int FillFrom(LinuxSocket source, int filling)
    {
        int moved = source.ReceiveInto(_writeEnd, filling);
        Length = Math.Max(moved, 0);
        return moved;
    }

    /// <summary>Sends as much as <paramref name="destination"/> takes in one call.</summary>
    /// <returns>The number of bytes, or the error number negated.</returns>
    public int SendTo(LinuxSocket destination)
    {
        int moved = destination.SendFrom(_readEnd, Length);
        Length -= Math.Max(moved, 0);
        return moved;
    }

    /// <summary>Moves bytes that are left in it to <paramref name="buffer"/>.</summary>
    /// <returns>The number of bytes.</returns>
    public int Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            int read = (int)LinuxCalls.Read(_readEnd, start, (nuint)Math.Min(buffer.Length, Length));
            if (read <= 0)
                throw new InvalidOperationException($"{Length} bytes of a pipe cannot be read, errno {LinuxCalls.Errno}");
            Length -= read;
            return read;
        }
    }

    public void Dispose()
    {
        _ = LinuxCalls.Close(_readEnd);
        _ = LinuxCalls.Close(_writeEnd);
    }

    private static SplicePipe? Open()
    {
        int* ends = stackalloc int[2];
        return LinuxCalls.Pipe(ends, LinuxCalls.PipeNonBlockingCloseOnExec) == 0 ? new SplicePipe(ends[0], ends[1]) : null;
    }
}
