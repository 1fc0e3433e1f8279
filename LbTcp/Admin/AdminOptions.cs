using LbTcp.Configuration;

namespace LbTcp.Admin;

/// <summary>How the admin endpoint is set up.</summary>
/// <param name="Address">The address that it listens on.</param>
/// <param name="TokenFile">The file with the token that requests must carry; null if none is needed.</param>
internal sealed record AdminOptions(ListenAddress Address, string? TokenFile)
{
    /// <summary>The maximum number of streams at a time; each is one of the connections.</summary>
    public const int MaxStreams = 16;

    /// <summary>The time in which a request has to send its headers.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time after which a connection without a request is closed.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time that an answer may stand still before the least rate of its reader is enforced.</summary>
    public TimeSpan SlowReaderGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The least rate of a reader after that, in bytes per second. A full response buffer takes 16 s of it, which a client that has stopped
    /// reading does not outlive.
    /// </summary>
    public double SlowReaderRate { get; init; } = 4096;

    /// <summary>The options of a process; null if it has no admin endpoint.</summary>
    public static AdminOptions? Of(HostOptions options) =>
        options.Admin is { } address ? new AdminOptions(address, options.AdminTokenFile) : null;
}
