namespace LbTcp.Configuration;

/// <summary>How the backend of a new connection is selected.</summary>
internal enum Algorithm
{
    /// <summary>In turn, in proportion to the weights.</summary>
    RoundRobin,

    /// <summary>The fewest connections in relation to the weight.</summary>
    LeastConn,

    /// <summary>The less loaded of two at random.</summary>
    Random,

    /// <summary>By the client's address.</summary>
    Source,

    /// <summary>The first with a free slot.</summary>
    First,
}
