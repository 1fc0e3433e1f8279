using System.Net;
using System.Text;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>
/// A backend that speaks enough HTTP to be checked: one request a connection, the same answer to all, switchable while it runs. What is
/// not a request is sent back.
/// </summary>
internal sealed class HttpBackend : IDisposable
{
    private readonly TestBackend _backend;
    private readonly TaskCompletionSource _release = new();
    private readonly Lock _gate = new();
    private readonly List<string> _requests = [];
    private volatile string _status = "200 OK";
    private volatile bool _isHanging;

    public HttpBackend() => _backend = new TestBackend(ServeAsync);

    public IPEndPoint EndPoint => _backend.EndPoint;

    /// <summary>What it answers: "200 OK".</summary>
    public string Status
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>Further lines of the answer's header, each ended by CRLF.</summary>
    public string Headers { get; set; } = "";

    /// <summary>Whether it takes requests and never answers.</summary>
    public bool IsHanging
    {
        get => _isHanging;
        set => _isHanging = value;
    }

    /// <summary>The requests it got so far, header and all.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    /// <summary>How many requests it got so far.</summary>
    public int RequestCount => Requests.Count;

    public void GoDown() => _backend.GoDown();

    public void ComeUp() => _backend.ComeUp();

    public void Dispose()
    {
        _release.TrySetResult();
        _backend.Dispose();
    }

    private async Task ServeAsync(TestConnection connection)
    {
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int count = await connection.ReceiveSomeAsync(buffer);
            if (count == 0)
            {
                await connection.SendAsync(request.ToString());
                return;
            }

            request.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        lock (_gate)
            _requests.Add(request.ToString());
        if (IsHanging)
            await _release.Task;
        await connection.SendAsync($"HTTP/1.1 {Status}\r\n{Headers}Content-Length: 5\r\nConnection: close\r\n\r\nhello");
        connection.FinishSending();
        await connection.ReceiveToEndAsync();
    }
}
