namespace LbTcp.Admin.Client;

/// <summary>How a request to the admin endpoint failed.</summary>
internal enum AdminFailure
{
    /// <summary>Nothing answers, or not in time.</summary>
    Unreachable,

    /// <summary>The connection ended before the answer was complete.</summary>
    Lost,

    /// <summary>The token is missing or wrong.</summary>
    Denied,

    /// <summary>There is no such service, backend or connection.</summary>
    NotFound,

    /// <summary>The server refuses the request as it is.</summary>
    Refused,

    /// <summary>The answer is not one of this API.</summary>
    NotUnderstood,
}
