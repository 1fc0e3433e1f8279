namespace LbTcp.Diagnostics;

/// <summary>How an attempt to connect to a backend ended.</summary>
internal enum AttemptOutcome
{
    /// <summary>The connection was established.</summary>
    Connected,

    /// <summary>The backend refused the connection.</summary>
    Refused,

    /// <summary>The connection was not established in time.</summary>
    TimedOut,

    /// <summary>The backend could not be reached for another reason.</summary>
    Failed,

    /// <summary>This machine had no descriptor, port, address or memory for the attempt.</summary>
    LocalFault,

    /// <summary>The client left, or the connection was ended from outside.</summary>
    Abandoned,
}
