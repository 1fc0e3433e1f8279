using LbTcp.Admin.Api;
using LbTcp.Admin.Security;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace LbTcp.Admin;

/// <summary>Conducts one request: admits it, finds its route, runs that, and turns every failure into a problem.</summary>
/// <param name="routes">The routes.</param>
/// <param name="access">Admits requests.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Receives refusals and defects.</param>
internal sealed partial class AdminApplication(RouteTable routes, AccessPolicy access, TimeProvider timeProvider, ILogger logger)
    : IHttpApplication<HttpContext>
{
    private readonly LogThrottle _throttle = new(timeProvider, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // holds nothing
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            SecurityHeaders.Add(context.Response.Headers);
            await HandleAsync(context);
        }
        catch (RequestException exception)
        {
            if (exception.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden && _throttle.TryPass())
                Log.Refused(logger, context.Features.Get<Requester>()?.From, context.Request.Path.Value, exception.Message);
            await FailAsync(context, exception.Status, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            await FailAsync(context, exception.StatusCode, exception.Message);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // the client has left, or reads too slowly
        }
        catch (Exception exception)
        {
            Log.Fault(logger, context.Request.Path.Value, exception);
            await FailAsync(context, StatusCodes.Status500InternalServerError, "This is a defect of lbtcp; its log has the details.");
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        string path = RawPathOf(context);
        RouteMatch match = routes.Find(context.Request.Method, path);
        Requester requester = access.Admit(context, match.Route?.IsOpen ?? false);
        if (match.Route is not { } route)
        {
            if (match.Allowed.Count > 0)
                context.Response.Headers.Allow = string.Join(", ", match.Allowed);
            throw match.Refusal(context.Request.Method, Quoted.Cut(path));
        }

        await route.Handle(new ApiRequest(context, route, match.Values, requester));
    }

    // As it was sent: Kestrel decodes the path as a whole, all but %2F, which would decode %252F twice. The target may be a whole URI
    // (RFC 9112, 3.2.2), of which Kestrel compares the host with Host.
    private static string RawPathOf(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0];
        int authority = target.StartsWith('/') ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
            return target;
        int path = target.IndexOf('/', authority + 3);
        return path < 0 ? "/" : target[path..];
    }

    private static async Task FailAsync(HttpContext context, int status, string detail)
    {
        if (context.Response.HasStarted)
        {
            context.Abort(); // the client must not take a part for the whole
            return;
        }

        context.Response.StatusCode = status;
        await ApiAnswer.WriteAsync(context, ApiProblem.Of(status, detail), ApiJson.Default.ApiProblem, ApiProblem.ContentType);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.AdminRefused, LogLevel.Warning, "admin request refused from={From} path={Path} reason={Reason}")]
        public static partial void Refused(ILogger logger, string? from, string? path, string reason);

        [LoggerMessage(EventIds.AdminFault, LogLevel.Error, "admin request failed, a defect in lbtcp path={Path}")]
        public static partial void Fault(ILogger logger, string? path, Exception exception);
    }
}
