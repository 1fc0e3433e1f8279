using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>A directory for unix sockets, with a backend that echoes at one of them.</summary>
internal sealed class UnixBackend : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lbtcp-test-").FullName;
    private readonly Socket _listener;

    public UnixBackend()
    {
        _listener = RawSockets.ListenAt(EndPoint);
        _ = AcceptLoopAsync();
    }

    public UnixEndPoint EndPoint => new(PathOf("app.sock"));

    /// <summary>The path of a file in the directory.</summary>
    public string PathOf(string name) => Path.Combine(_directory, name);

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task AcceptLoopAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(new TestConnection(await _listener.AcceptAsync()));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private static async Task ServeAsync(TestConnection connection)
    {
        using (connection)
            await Behaviours.EchoAsync(connection);
    }
}
