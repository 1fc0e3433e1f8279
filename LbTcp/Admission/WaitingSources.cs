using System.Runtime.InteropServices;

namespace LbTcp.Admission;

/// <summary>The sources whose clients wait, in the order of their turns. For one thread at a time.</summary>
internal sealed class WaitingSources
{
    private readonly Dictionary<SourceKey, WaitingSource> _sources = [];
    private readonly LinkedList<WaitingSource> _turns = [];
    private int _clients;

    /// <summary>The number of clients that wait. May be read from any thread.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>The source whose turn is first; null for none.</summary>
    public LinkedListNode<WaitingSource>? First => _turns.First;

    /// <summary>The source, if clients of it wait; otherwise null.</summary>
    public WaitingSource? Find(SourceKey source) => _sources.GetValueOrDefault(source);

    /// <summary>Adds a client behind the others of its source. A full fence.</summary>
    /// <returns>Its source.</returns>
    public WaitingSource Add(WaitingClient client)
    {
        ref WaitingSource? source = ref CollectionsMarshal.GetValueRefOrAddDefault(_sources, client.Source, out _);
        source ??= _turns.AddLast(new WaitingSource(client.Source)).Value;
        _ = source.Clients.AddLast(client);
        _ = Interlocked.Increment(ref _clients);
        return source;
    }

    /// <summary>Removes a client, and its source with the last of its clients.</summary>
    /// <returns>Whether it still waited.</returns>
    public bool Remove(WaitingSource source, WaitingClient client)
    {
        if (!source.Clients.Remove(client))
            return false;
        _ = Interlocked.Decrement(ref _clients);
        if (source.Clients.Count == 0)
        {
            _ = _sources.Remove(source.Source);
            _ = _turns.Remove(source);
        }

        return true;
    }

    /// <summary>Ends the turn of a source after one of its clients was served: the next one comes after those of the others.</summary>
    /// <param name="turn">Its place, which it may have left with its last client.</param>
    /// <param name="next">The place behind it; null if it was the last one.</param>
    /// <returns>The source whose turn is next; null for none.</returns>
    public LinkedListNode<WaitingSource>? EndTurn(LinkedListNode<WaitingSource> turn, LinkedListNode<WaitingSource>? next)
    {
        if (turn.List is null)
            return next;
        _turns.Remove(turn);
        _turns.AddLast(turn);
        return next ?? turn;
    }
}
