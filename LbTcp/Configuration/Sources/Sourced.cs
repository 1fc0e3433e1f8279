namespace LbTcp.Configuration.Sources;

/// <summary>A value, and where it was written.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Origin">Where it was written.</param>
internal sealed record Sourced<T>(T Value, Origin Origin);
