namespace LbTcp.Forwarding;

/// <summary>
/// The waits that begin on one thread, until they are taken. Adding one neither locks nor allocates. Safe for use by any number of threads.
/// </summary>
internal sealed class FirstByteInbox
{
    private FirstByteWait? _latest;

    /// <summary>Adds a wait.</summary>
    public void Add(FirstByteWait wait)
    {
        FirstByteWait? before;
        do
        {
            before = Volatile.Read(ref _latest);
            wait.Next = before;
        }
        while (Interlocked.CompareExchange(ref _latest, wait, before) != before);
    }

    /// <summary>Moves all waits to <paramref name="list"/>.</summary>
    public void MoveTo(List<FirstByteWait> list)
    {
        FirstByteWait? wait = Interlocked.Exchange(ref _latest, null);
        while (wait is not null)
        {
            list.Add(wait);
            (wait.Next, wait) = (null, wait.Next);
        }
    }
}
