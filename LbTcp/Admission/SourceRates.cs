namespace LbTcp.Admission;

/// <summary>
/// The rates of all sources, in a table of fixed size: an address flood costs no more memory than one source. A source has its place in
/// one set; when that is full, the source is forgotten that is nearest to having its whole burst back. Being forgotten can only forgive.
/// For any number of threads: a lock guards some of the sets, and is held for one look at one of them.
/// </summary>
internal sealed class SourceRates
{
    /// <summary>The number of sources that are remembered.</summary>
    public const int Capacity = 1 << 19;

    private const int Ways = 8; // 192 bytes, three lines of the cache
    private const int Sets = Capacity / Ways;
    private const int Stripes = 256;

    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];

    /// <inheritdoc cref="ArrivalLimit.TryTake"/>
    public bool TryTake(in SourceKey source, ArrivalLimit limit, long now, out long dueAt)
    {
        int set = SetOf(source);
        lock (_locks[set % Stripes])
            return limit.TryTake(ref PlaceOf(source, set).Expected, now, out dueAt);
    }

    /// <summary>Takes back that an arrival was admitted.</summary>
    public void GiveBack(in SourceKey source, ArrivalLimit limit)
    {
        int set = SetOf(source);
        lock (_locks[set % Stripes])
            PlaceOf(source, set).Expected -= limit.Interval; // below the time if it was forgotten meanwhile, which means nothing
    }

    private static int SetOf(in SourceKey source) => source.GetHashCode() & (Sets - 1);

    private ref Entry PlaceOf(in SourceKey source, int set)
    {
        Span<Entry> entries = _entries.AsSpan(set * Ways, Ways);
        int oldest = 0;
        for (int i = 0; i < Ways; i++)
        {
            if (entries[i].High == source.High && entries[i].Low == source.Low)
                return ref entries[i];
            if (entries[i].Expected < entries[oldest].Expected)
                oldest = i;
        }

        entries[oldest] = new Entry { High = source.High, Low = source.Low };
        return ref entries[oldest];
    }

    private struct Entry
    {
        public ulong High;
        public ulong Low;
        public long Expected;
    }
}
