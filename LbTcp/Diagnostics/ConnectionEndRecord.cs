using System.Net;

namespace LbTcp.Diagnostics;

/// <summary>The end record: the facts about one ended connection.</summary>
internal sealed record ConnectionEndRecord : ILogRecord
{
    /// <summary>The connection's number, unique while the process runs; written in hexadecimal.</summary>
    public required long Id { get; init; }

    /// <summary>The client's address and port.</summary>
    public required EndPoint Client { get; init; }

    /// <summary>The peer that said so, if the client's address comes from a PROXY protocol header; otherwise null.</summary>
    public EndPoint? Via { get; init; }

    /// <summary>The server name (SNI) that the client asked for; null if there was none or nothing read it.</summary>
    public string? ServerName { get; init; }

    /// <summary>The version of TLS that was terminated, <c>TLSv1.3</c>; null for none.</summary>
    public string? Tls { get; init; }

    /// <summary>The name of the backend that served it, or null when none did.</summary>
    public required string? Backend { get; init; }

    /// <summary>The address that was dialled for that backend, or null when none was reached.</summary>
    public required EndPoint? Address { get; init; }

    /// <summary>This end's address of the connection to the backend, as the backend sees it; null when none was reached.</summary>
    public EndPoint? Local { get; init; }

    /// <summary>Why it ended.</summary>
    public required ConnectionEndReason Reason { get; init; }

    /// <summary>The side that ended it first.</summary>
    public required ConnectionSide EndedBy { get; init; }

    /// <summary>Bytes from the client that were written to the backend's connection.</summary>
    public required long Sent { get; init; }

    /// <summary>Bytes from the backend that were written to the client's connection.</summary>
    public required long Received { get; init; }

    /// <summary>Bytes that were received from one side and could not be written to the other; 0 unless the connection failed.</summary>
    public required long Undelivered { get; init; }

    /// <summary>The total time in the queue for a slot at a backend; null if it was not queued.</summary>
    public TimeSpan? Queue { get; init; }

    /// <summary>The number of clients in the queue when it was queued for the first time, itself included.</summary>
    public int QueueLength { get; init; }

    /// <summary>
    /// The time from the accept to the established backend connection, failed attempts and the TLS handshake with the backend included;
    /// null if none was established.
    /// </summary>
    public required TimeSpan? Connect { get; init; }

    /// <summary>The time from the accept to the end.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The failed attempts, in order; empty for nearly all connections.</summary>
    public required IReadOnlyList<FailedAttempt> FailedAttempts { get; init; }

    /// <inheritdoc/>
    public string Message => "connection closed";

    /// <inheritdoc/>
    public void WriteFields(LogLine line)
    {
        line.Hex("id"u8, Id);
        line.EndPoint("client"u8, Client);
        if (Via is not null)
            line.EndPoint("via"u8, Via);
        if (ServerName is not null)
            line.Text("server_name"u8, ServerName);
        if (Tls is not null)
            line.Text("tls"u8, Tls);
        if (Backend is not null)
            line.Text("backend"u8, Backend);
        if (Address is not null)
            line.EndPoint("address"u8, Address);
        if (Local is not null)
            line.EndPoint("local"u8, Local);
        line.Word("reason"u8, Reason.ToString());
        line.Text("ended_by"u8, NameOf(EndedBy));
        line.Number("sent"u8, Sent);
        line.Number("received"u8, Received);
        if (Undelivered > 0)
            line.Number("undelivered"u8, Undelivered);
        if (Queue is { } queue)
        {
            line.Duration("queue"u8, queue);
            line.Number("queue_length"u8, QueueLength);
        }

        if (Connect is { } connect)
            line.Duration("connect"u8, connect);
        line.Duration("duration"u8, Duration);
        if (FailedAttempts.Count > 0)
            line.List("attempts"u8, FailedAttempts.Select(attempt => $"{attempt.Backend}:{attempt.Error}"));
    }

    private static string NameOf(ConnectionSide side) => side switch
    {
        ConnectionSide.Client => "client",
        ConnectionSide.Backend => "backend",
        ConnectionSide.LbTcp => "lbtcp",
        _ => throw new ArgumentOutOfRangeException(nameof(side), side, null),
    };
}
