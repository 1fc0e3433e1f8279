using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LbTcp.Admin.Client;

/// <summary>
/// Sends requests to the admin endpoint of a running process, over TCP or a unix socket. Every failure is an <see cref="AdminException"/>.
/// </summary>
internal sealed class AdminClient : IDisposable
{
    /// <summary>The time in which an answer has to be complete; for a stream, the time until it begins.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly AdminErrors _errors;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a client; nothing is sent yet.</summary>
    /// <param name="target">Where to send requests.</param>
    /// <param name="timeProvider">Measures the timeout.</param>
    public AdminClient(AdminTarget target, TimeProvider timeProvider)
    {
        _errors = new AdminErrors(target);
        _timeProvider = timeProvider;
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        if (target.Address.Unix is { } unix)
            handler.ConnectCallback = (_, cancellationToken) => AdminTarget.ConnectAsync(unix, cancellationToken);
        _http = new HttpClient(handler) { BaseAddress = target.Root, Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        if (target.Token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", target.Token);
    }

    /// <summary>Requests a resource.</summary>
    /// <param name="path">The path below the root of the API, escaped.</param>
    /// <param name="type">The type of the answer.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AdminException">The request failed.</exception>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, body: null, type, cancellationToken);

    /// <summary>Requests a change.</summary>
    /// <param name="path">The path below the root of the API, escaped.</param>
    /// <param name="body">The body of the request.</param>
    /// <param name="bodyType">The type of the body.</param>
    /// <param name="type">The type of the answer.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AdminException">The request failed.</exception>
    public Task<T> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, bodyType), type, cancellationToken);

    /// <summary>Requests a stream of server-sent events. It ends only with an exception.</summary>
    /// <param name="path">The path below the root of the API, escaped.</param>
    /// <param name="type">The type of the data of each event.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    /// <exception cref="AdminException">The request failed, or the stream ended.</exception>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        string path, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using HttpResponseMessage response =
            await AnswerAsync(token => OpenAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
        using Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
        SseParser<T> parser = SseParser.Create(content, (_, data) => _errors.Read(data, type));
        await using IAsyncEnumerator<SseItem<T>> items = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(items))
            yield return items.Current.Data;
        throw _errors.Lost(inner: null);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<bool> NextAsync<T>(IAsyncEnumerator<T> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw _errors.Lost(exception);
        }
    }

    private Task<T> SendAsync<T>(
        HttpMethod method, string path, byte[]? body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        AnswerAsync(
            async token =>
            {
                using var request = new HttpRequestMessage(method, path);
                if (body is not null)
                    request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
                using HttpResponseMessage response = await OpenAsync(request, HttpCompletionOption.ResponseContentRead, token);
                return _errors.Read(await response.Content.ReadAsByteArrayAsync(token), type);
            },
            cancellationToken);

    private async Task<HttpResponseMessage> OpenAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await _http.SendAsync(request, completion, cancellationToken);
        if (response.StatusCode is HttpStatusCode.OK)
            return response;
        using (response)
            throw _errors.Of(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private async Task<T> AnswerAsync<T>(Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await send(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw _errors.TimedOut(Timeout);
        }
        catch (HttpRequestException exception)
        {
            throw _errors.Of(exception);
        }
    }
}
