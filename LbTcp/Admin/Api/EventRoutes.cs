using System.Globalization;
using System.Text.Json;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Admin.Api;

/// <summary>Shows events, those that are kept and those to come.</summary>
/// <param name="events">The events.</param>
/// <param name="streams">Limits the streams.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="stopping">Fires when the streams have to end.</param>
internal sealed class EventRoutes(EventLog events, StreamLimit streams, TimeProvider timeProvider, CancellationToken stopping)
{
    // Less than the timeouts of proxies, which are a minute at least.
    private static readonly TimeSpan _signOfLife = TimeSpan.FromSeconds(15);

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", $"{AdminRoutes.Root}events", ReadEventsAsync, "after", "limit"),
        new("GET", $"{AdminRoutes.Root}events/stream", StreamAsync, "after") { IsStream = true },
    ];

    private Task ReadEventsAsync(ApiRequest request)
    {
        int limit = ConnectionRoutes.ReadLimit(request.Parameter("limit"));
        long after = request.Parameter("after") is { } text ? ReadId(text, "The parameter after") : 0;
        return ApiAnswer.WritePageAsync(
            request.Context, events.After(after), limit, ApiJson.Default.EventRecord, record => Text(record.Id));
    }

    // A client that lost the connection says by a header where it was.
    private Task StreamAsync(ApiRequest request)
    {
        long after = request.Context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last] ? ReadId(last, "The header Last-Event-ID")
            : request.Parameter("after") is { } text ? ReadId(text, "The parameter after")
            : events.LastId;
        return streams.RunAsync(request, (stream, end) => StreamAsync(stream, after, end), stopping);
    }

    private async Task StreamAsync(EventStream stream, long after, CancellationToken end)
    {
        if (after > events.LastId)
        {
            Add(stream, Notice(0, "lbtcp was restarted, the events before it are not kept"));
            after = 0;
        }

        while (true)
        {
            foreach (EventRecord record in events.After(after))
            {
                if (record.Id > after + 1)
                    Add(stream, Notice(record.Id - 1, $"{record.Id - 1 - after} events were lost, they are no longer kept"));
                Add(stream, record);
                after = record.Id;
                await stream.FlushAsync(end);
            }

            await stream.FlushAsync(end);
            if (!await IsThereMoreAsync(after, end))
                stream.AddSignOfLife();
        }
    }

    private async Task<bool> IsThereMoreAsync(long after, CancellationToken end)
    {
        using var pause = new CancellationTokenSource(_signOfLife, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, end);
        try
        {
            await events.WhenAfterAsync(after, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return false;
        }
    }

    // Of the stream and not of the log, so that its code is 0; its id is that of the last event that is missing.
    private EventRecord Notice(long id, string message) =>
        new(id, timeProvider.GetUtcNow(), LogLevel.Warning, Code: 0, message, Service: null, Backend: null, Fields: []);

    private static void Add(EventStream stream, EventRecord record) =>
        stream.Add("event", Text(record.Id), JsonSerializer.SerializeToUtf8Bytes(record, ApiJson.Default.EventRecord));

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static long ReadId(string text, string place) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            ? id
            : throw ApiRequest.Bad($"{place} is {Quoted.Text(text)}, which is not the id of an event; write a whole number.");
}
