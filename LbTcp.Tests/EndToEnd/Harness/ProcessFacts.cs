using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>What the system knows about a running process, asked anew each time, see proc(5).</summary>
internal sealed class ProcessFacts(int pid)
{
    // Sockets of a process that are no connections stay as they are; the tables of all sockets are long, and read only once for that.
    private HashSet<string>? _standingInodes;

    /// <summary>Open descriptors: their numbers and what they stand for ("socket:[4711]").</summary>
    public IReadOnlyDictionary<int, string> Descriptors => Directory.GetFiles($"/proc/{pid}/fd")
        .Select(path => (Number: int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture), Target: new FileInfo(path).LinkTarget))
        .Where(descriptor => descriptor.Target is not null) // closed since it was listed
        .ToDictionary(descriptor => descriptor.Number, descriptor => descriptor.Target!);

    /// <summary>
    /// Open sockets that do not listen: connections in any state, also those that were reset and not closed. To be asked first when the
    /// process listens.
    /// </summary>
    public int Connections => SocketInodes.Except(_standingInodes ??= [.. ListenerInodes, .. UnixInodes]).Count();

    /// <summary>Where the process listens.</summary>
    public IReadOnlyList<IPEndPoint> Listeners => [.. TcpTable.Read(pid)
        .Where(socket => socket.State == TcpState.Listen).IntersectBy(SocketInodes, socket => socket.Inode).Select(socket => socket.Local)];

    /// <summary>Its threads.</summary>
    public int Threads => (int)Status("Threads");

    /// <summary>Its memory that is in use, in bytes.</summary>
    public long ResidentBytes => Status("VmRSS") * 1024;

    /// <summary>The processor time it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            // The second field is the program's name in parentheses, which may hold blanks; utime and stime are fields 14 and 15.
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(ticks / 100.0); // USER_HZ
        }
    }

    private IEnumerable<string> SocketInodes => Descriptors.Values.Where(IsSocket).Select(target => target["socket:[".Length..^1]);

    private IEnumerable<string> ListenerInodes =>
        TcpTable.Read(pid).Where(socket => socket.State == TcpState.Listen).Select(socket => socket.Inode);

    // The runtime opens one for debuggers; the seventh column of the table is the inode.
    private IEnumerable<string> UnixInodes => File.ReadLines($"/proc/{pid}/net/unix").Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[6]);

    /// <summary>Whether a descriptor stands for a socket.</summary>
    public static bool IsSocket(string descriptor) => descriptor.StartsWith("socket:", StringComparison.Ordinal);

    /// <summary>Its connection with a peer, as if it were this process's. To be disposed of soon: it is not closed before.</summary>
    public Socket BorrowConnection(IPEndPoint peer)
    {
        string inode = TcpTable.Read(pid).Single(socket => socket.Remote.Equals(peer) && socket.State == TcpState.Established).Inode;
        return Posix.BorrowSocket(pid, Descriptors.Single(descriptor => descriptor.Value == $"socket:[{inode}]").Key);
    }

    private long Status(string name) => long.Parse(
        File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split([':', ' ', '\t'],
            StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
