using System.Net;
using System.Text;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>
/// A backend that speaks enough HTTP to be checked: one request a connection, the same answer to all, switchable while it runs. What is
/// not a request is sent back.
/// </summary>
internal sealed class HttpBackend : IDisposable
{
    public const string Ok = "200 OK";

    private readonly TestBackend _backend;
    private readonly Lock _gate = new();
    private readonly List<string> _requests = [];
    private volatile Func<int, string?> _answer = _ => Ok;

    public HttpBackend() => _backend = new TestBackend(ServeAsync);

    public IPEndPoint EndPoint => _backend.EndPoint;

    /// <summary>How many connections it has had at a time, at most.</summary>
    public int MostAtOnce => _backend.MostAtOnce;

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

    /// <summary>From now on answers as told.</summary>
    /// <param name="answer">
    /// The status line without the version, and further header lines if any, for a request of which this number came before; null for none.
    /// </param>
    public void Answer(Func<int, string?> answer) => _answer = answer;

    /// <summary>From now on gives this answer: a status line without the version, and further header lines if any; null for none.</summary>
    public void Answer(string? answer) => _answer = _ => answer;

    public void GoDown() => _backend.GoDown();

    public void ComeUp() => _backend.ComeUp();

    public void Dispose() => _backend.Dispose();

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

        int number;
        lock (_gate)
        {
            number = _requests.Count;
            _requests.Add(request.ToString());
        }

        if (_answer(number) is { } answer)
            await connection.SendAsync($"HTTP/1.1 {answer}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
        await connection.ReceiveToEndAsync();
    }
}
