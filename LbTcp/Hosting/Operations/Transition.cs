namespace LbTcp.Hosting.Operations;

/// <summary>A change of the state of a backend.</summary>
/// <param name="Time">When it happened.</param>
/// <param name="State">
/// The new state: <c>healthy</c>, <c>unhealthy</c>, <c>ejected</c>, <c>drain</c>, <c>weight 3</c>, <c>added</c>.
/// </param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Trigger">What caused it.</param>
internal sealed record Transition(DateTimeOffset Time, string State, string Reason, TransitionTrigger Trigger);

/// <summary>What caused a change of the state of a backend.</summary>
internal enum TransitionTrigger
{
    /// <summary>Health checks.</summary>
    Active,

    /// <summary>Connections of clients.</summary>
    Passive,

    /// <summary>Connections of clients that another backend answered, and this one did not.</summary>
    Hedge,

    /// <summary>An operator, through the admin endpoint.</summary>
    Admin,

    /// <summary>An answer of a name server.</summary>
    Dns,

    /// <summary>A new configuration.</summary>
    Reload,

    /// <summary>The start of the process.</summary>
    Start,
}
