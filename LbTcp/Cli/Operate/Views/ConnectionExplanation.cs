using LbTcp.Cli.Terminals;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Views;

/// <summary>Why a connection went to its backend, and what it has done since.</summary>
internal static class ConnectionExplanation
{
    /// <summary>Writes the explanation.</summary>
    public static void Write(ConnectionDetail connection, TextWriter output)
    {
        output.WriteLine(SafeText.Escape(
            $"{connection.Id}: {connection.Client} {WayOf(connection)}, service {connection.Service}, accepted "
            + $"{HumanText.Age(connection.Age)} ago."));
        if (connection.Connect is { } connect)
        {
            string queue = connection.Queue is { } time ? $", {DurationText.Of(time)} of it in the queue" : "";
            output.WriteLine($"  connected: after {DurationText.Of(connect)}{queue}");
            output.WriteLine(
                $"  traffic: in {HumanText.Bytes(connection.BytesIn)}, out {HumanText.Bytes(connection.BytesOut)}, "
                + $"idle for {HumanText.Age(connection.Idle)}");
        }

        foreach (string reason in connection.PickReasons)
            output.WriteLine(SafeText.Escape($"  why: {reason}"));
    }

    private static string WayOf(ConnectionDetail connection)
    {
        string to = connection.Backend is null ? "a backend"
            : connection.Address is null || connection.Address == connection.Backend ? connection.Backend
            : $"{connection.Backend} ({connection.Address})";
        return connection.State switch
        {
            ConnectionState.Queued => "is queued for a slot at a backend",
            ConnectionState.Connecting => $"is being connected to {to}",
            ConnectionState.HalfClosed => $"is connected to {to}, one side has finished sending",
            _ => $"is connected to {to}",
        };
    }
}
