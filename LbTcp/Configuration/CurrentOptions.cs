namespace LbTcp.Configuration;

/// <summary>
/// The options that apply now. A reload replaces them as a whole, so a component that holds this, rather than the options, follows without
/// being created anew. Safe for use by any number of threads; replaced by one thread at a time.
/// </summary>
/// <typeparam name="T">The type of the options, an immutable record.</typeparam>
/// <param name="value">The first options.</param>
internal sealed class CurrentOptions<T>(T value)
    where T : class, IEquatable<T>
{
    private volatile T _value = value;

    /// <summary>
    /// Raised after <see cref="Value"/> was replaced by different options, with the previous and the new ones, on the thread that replaced
    /// it.
    /// </summary>
    public event Action<T, T>? Changed;

    /// <summary>The options. Read the property once where several of its members must be consistent.</summary>
    public T Value => _value;

    /// <summary>Replaces the options; equal ones change nothing.</summary>
    public void Replace(T next)
    {
        T previous = _value;
        if (previous.Equals(next))
            return;
        _value = next;
        Changed?.Invoke(previous, next);
    }
}
