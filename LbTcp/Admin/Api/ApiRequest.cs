using LbTcp.Configuration;
using LbTcp.Hosting.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LbTcp.Admin.Api;

/// <summary>A request that was admitted, with what it says.</summary>
internal sealed class ApiRequest
{
    private const int MostNames = 8;

    private readonly IReadOnlyDictionary<string, string> _values;

    /// <summary>Reads the parameters of a request.</summary>
    /// <exception cref="RequestException">It has one that the route does not know, or one twice.</exception>
    public ApiRequest(HttpContext context, Route route, IReadOnlyDictionary<string, string> values, Requester requester)
    {
        Context = context;
        Requester = requester;
        _values = values;
        foreach ((string name, StringValues given) in context.Request.Query)
        {
            if (!route.Query.Contains(name))
                throw Bad($"The parameter {Quoted.Text(name)} is unknown{Suggest(name, route.Query)}");
            if (given.Count > 1)
                throw Bad($"The parameter {name} is given twice.");
        }
    }

    /// <summary>The request and its answer.</summary>
    public HttpContext Context { get; }

    /// <summary>Who sends it.</summary>
    public Requester Requester { get; }

    /// <summary>Fires when the client has left.</summary>
    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>A value in the path.</summary>
    public string Value(string name) => _values[name];

    /// <summary>A parameter; null if it is not given or empty.</summary>
    public string? Parameter(string name) => Context.Request.Query[name] is [{ Length: > 0 } text] ? text : null;

    /// <summary>A failure that the request itself is the cause of.</summary>
    public static RequestException Bad(string detail) => new(StatusCodes.Status400BadRequest, detail);

    /// <summary>A failure because something does not exist.</summary>
    public static RequestException Missing(string detail) => new(StatusCodes.Status404NotFound, detail);

    /// <summary>The end of a sentence about a wrong word: the one that was probably meant, or all there are if they are few.</summary>
    public static string Suggest(string text, IReadOnlyCollection<string> words) =>
        NearestWord.Of(text, words) is { } near ? $"; did you mean {Quoted.Text(near)}?"
        : words.Count is > 0 and <= MostNames ? $"; there are {string.Join(", ", words.Select(SafeText.Escape))}."
        : ".";
}
