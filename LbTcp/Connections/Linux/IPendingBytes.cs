namespace LbTcp.Connections.Linux;

/// <summary>Bytes that were received, and that the destination had no room for.</summary>
internal interface IPendingBytes
{
    /// <summary>Whether nothing is left.</summary>
    bool IsEmpty { get; }

    /// <summary>Sends as much as <paramref name="destination"/> takes.</summary>
    /// <returns>The number of bytes, or the error number negated.</returns>
    int SendTo(LinuxSocket destination);

    /// <summary>Returns what holds the bytes; the rest is lost.</summary>
    void Release(SplicePipes pipes);
}
