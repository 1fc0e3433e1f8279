namespace LbTcp.Admin;

/// <summary>A list in the API, which is an object so that members can be added.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="Items">All items.</param>
internal sealed record ItemList<T>(IReadOnlyList<T> Items);

/// <summary>A part of a list in the API.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="Items">The items of this part.</param>
/// <param name="Next">The value of <c>after</c> that requests the next part; null at the end.</param>
internal sealed record ItemPage<T>(IReadOnlyList<T> Items, string? Next);
