using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace LbTcp.Admin.Api;

/// <summary>Writes answers.</summary>
internal static class ApiAnswer
{
    private const string Json = "application/json";
    private const int LargestPart = 16 * 1024;

    // Sentences stay readable for who uses curl: no answer is ever a part of HTML, against which the default escapes quotes.
    private static readonly JsonWriterOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object.</summary>
    public static async Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, string contentType = Json)
    {
        var body = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(body, _readable))
            JsonSerializer.Serialize(writer, value, type);
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    /// <summary>Writes a whole list.</summary>
    public static Task WriteListAsync<T>(HttpContext context, IReadOnlyList<T> items, JsonTypeInfo<ItemList<T>> type) =>
        WriteAsync(context, new ItemList<T>(items), type);

    /// <summary>Writes a line of text.</summary>
    public static async Task WriteTextAsync(HttpContext context, int status, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes($"{text}\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>
    /// Writes a part of a list as the shape of <see cref="ItemPage{T}"/>, item by item as the client takes them: the list is never in
    /// memory as a whole.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="items">The items, from the first of the part on; not enumerated further than one beyond the limit.</param>
    /// <param name="limit">The maximum number of items.</param>
    /// <param name="type">The type of the items.</param>
    /// <param name="keyOf">The value of <c>after</c> that continues behind an item.</param>
    public static async Task WritePageAsync<T>(
        HttpContext context, IEnumerable<T> items, int limit, JsonTypeInfo<T> type, Func<T, string> keyOf)
    {
        context.Response.ContentType = Json;
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, _readable);
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        string? last = null;
        int count = 0;
        bool hasMore = false;
        long sent = 0;
        foreach (T item in items)
        {
            hasMore = count == limit;
            if (hasMore)
                break;
            count++;
            last = keyOf(item);
            JsonSerializer.Serialize(writer, item, type);
            if (writer.BytesCommitted + writer.BytesPending - sent < LargestPart)
                continue;
            await FlushAsync(context, writer);
            sent = writer.BytesCommitted;
        }

        writer.WriteEndArray();
        writer.WriteString("next", hasMore ? last : null);
        writer.WriteEndObject();
        await FlushAsync(context, writer);
    }

    private static async Task FlushAsync(HttpContext context, Utf8JsonWriter writer)
    {
        writer.Flush();
        _ = await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        context.RequestAborted.ThrowIfCancellationRequested();
    }
}
