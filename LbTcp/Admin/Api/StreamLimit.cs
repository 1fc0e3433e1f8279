using Microsoft.AspNetCore.Http;

namespace LbTcp.Admin.Api;

/// <summary>Limits the number of answers without an end.</summary>
/// <param name="limit">The maximum number at a time.</param>
internal sealed class StreamLimit(int limit)
{
    private int _count;

    /// <summary>Begins a stream of server-sent events, runs it, and ends it in order.</summary>
    /// <param name="request">The request.</param>
    /// <param name="run">Sends the events, until the token fires.</param>
    /// <param name="stopping">Requests the end.</param>
    /// <exception cref="RequestException">There are too many.</exception>
    public async Task RunAsync(ApiRequest request, Func<EventStream, CancellationToken, Task> run, CancellationToken stopping)
    {
        if (Interlocked.Increment(ref _count) > limit)
        {
            Interlocked.Decrement(ref _count);
            request.Context.Response.Headers.RetryAfter = "5";
            throw new RequestException(
                StatusCodes.Status503ServiceUnavailable, $"There are {limit} streams already, the maximum; close one of them.");
        }

        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, request.Aborted);
            await run(await EventStream.BeginAsync(request.Context, end.Token), end.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // the answer ends here, and the client may come again
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
