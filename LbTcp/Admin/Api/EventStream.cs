using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LbTcp.Admin.Api;

/// <summary>
/// Sends server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). What the client does not read waits in the
/// response buffer, which is limited, and a client that does not read at all is disconnected.
/// </summary>
internal sealed class EventStream
{
    private readonly PipeWriter _body;

    private EventStream(PipeWriter body) => _body = body;

    /// <summary>Sends the headers, and after how many milliseconds the client shall come again if the connection ends.</summary>
    public static async Task<EventStream> BeginAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream";
        var stream = new EventStream(context.Response.BodyWriter);
        stream.Write("retry: 1000\n\n");
        await stream.FlushAsync(cancellationToken);
        return stream;
    }

    /// <summary>Adds an event.</summary>
    /// <param name="name">The name of the event.</param>
    /// <param name="id">Its id, from which the client continues; null for none.</param>
    /// <param name="json">The data, without line breaks.</param>
    public void Add(string name, string? id, ReadOnlySpan<byte> json)
    {
        Write(id is null ? $"event: {name}\ndata: " : $"id: {id}\nevent: {name}\ndata: ");
        json.CopyTo(_body.GetSpan(json.Length));
        _body.Advance(json.Length);
        Write("\n\n");
    }

    /// <summary>Adds a comment, which finds out whether the client is still there.</summary>
    public void AddSignOfLife() => Write(":\n\n");

    /// <summary>Sends what was added, as soon as the client has read what was sent before.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        _ = await _body.FlushAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Write(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        _body.Advance(Encoding.UTF8.GetBytes(text, _body.GetSpan(length)));
    }
}
