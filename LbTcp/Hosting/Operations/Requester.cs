namespace LbTcp.Hosting.Operations;

/// <summary>Who requests a change, for the log.</summary>
/// <param name="Name">Who it is: <c>token</c>, <c>uid 1000</c>, or <c>local</c> where nothing else is known.</param>
/// <param name="From">The address that the request came from; <c>unix</c> for a unix socket.</param>
internal sealed record Requester(string Name, string From);
