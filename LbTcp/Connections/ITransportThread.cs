namespace LbTcp.Connections;

/// <summary>An event-loop thread of a transport, as an operator sees it. All members may be used from any thread.</summary>
internal interface ITransportThread
{
    /// <summary>Its number, from 0 on.</summary>
    int Number { get; }

    /// <summary>Whether it serves health checks instead of clients.</summary>
    bool IsForChecks { get; }

    /// <summary>The number of clients that it serves.</summary>
    int Clients { get; }

    /// <summary>Whether it has a pipe that moves bulk data.</summary>
    bool HasPipe { get; }

    /// <summary>Completes when the loop has turned, with the number by which the system knows the thread; 0 if that is unknown.</summary>
    Task<int> TurnAsync();
}
