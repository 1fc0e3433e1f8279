namespace LbTcp.Configuration;

/// <summary>How the next backend is chosen, as the operator names it.</summary>
internal enum Algorithm
{
    /// <summary>In turn, as often as the weights say.</summary>
    RoundRobin,

    /// <summary>The fewest connections in relation to the weight.</summary>
    LeastConn,

    /// <summary>The less loaded of two at random.</summary>
    Random,

    /// <summary>By the client's address.</summary>
    Source,

    /// <summary>The first that has room.</summary>
    First,
}
