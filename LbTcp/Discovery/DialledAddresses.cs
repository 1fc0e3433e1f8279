using System.Collections.Concurrent;
using System.Net;

namespace LbTcp.Discovery;

/// <summary>Which address of one backend answered last, and which are reported as failed. Safe for use by any number of threads.</summary>
internal sealed class DialledAddresses
{
    private readonly ConcurrentDictionary<IPAddress, FailureRecord> _failures = new();
    private readonly Lock _gate = new();
    private volatile IPEndPoint? _answered;
    private volatile IPEndPoint[] _failed = []; // the latest one last; replaced, as other threads may be reading it
    private volatile OrderedFor? _order;
    private uint _turn;

    /// <summary>
    /// The addresses with the one that answered last in front, if it is still among them, and those that have failed at the end, as a dial
    /// may be cancelled before it comes to its second address. If there are more than a dial tries, the turn decides instead.
    /// </summary>
    public DialOrder Order(EndPoint[] endPoints)
    {
        DialOrder order = OrderOf(endPoints);
        return endPoints.Length > DialOrder.MaxCount ? order with { Turn = Interlocked.Increment(ref _turn) - 1 } : order;
    }

    /// <summary>Records an answer.</summary>
    public void Answered(IPEndPoint endPoint)
    {
        if (!endPoint.Equals(_answered))
            _answered = endPoint;
    }

    /// <summary>Records a failure: the address is no longer preferred.</summary>
    public void Failed(IPEndPoint endPoint)
    {
        if (endPoint.Equals(_answered))
            _answered = null;
        lock (_gate)
        {
            if (_failed is not [.., { } latest] || !latest.Equals(endPoint))
                _failed = [.. _failed.Where(each => !each.Equals(endPoint)).TakeLast(DialOrder.MaxCount - 1), endPoint];
        }
    }

    /// <summary>Begins the failure of an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="endPoints">All addresses of the backend; the failures of others are forgotten.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="interval">The minimum time between two records about an address.</param>
    /// <returns>Whether it should be logged: it was not failed, and was not logged for <paramref name="interval"/>.</returns>
    public bool BeginFailure(IPAddress address, EndPoint[] endPoints, TimeProvider timeProvider, TimeSpan interval)
    {
        var begun = new FailureRecord(timeProvider.GetTimestamp(), IsFailed: true);
        if (_failures.TryAdd(address, begun))
        {
            ForgetOthers(endPoints);
            return true;
        }

        return _failures.TryGetValue(address, out FailureRecord? last) && !last.IsFailed
                && timeProvider.GetElapsedTime(last.LoggedAt) >= interval
                && _failures.TryUpdate(address, begun, last);
    }

    /// <summary>Ends the failure of an address.</summary>
    /// <returns>Whether its failure had been logged.</returns>
    public bool EndFailure(IPAddress address) =>
        !_failures.IsEmpty && _failures.TryGetValue(address, out FailureRecord? last) && last.IsFailed
        && _failures.TryUpdate(address, last with { IsFailed = false }, last);

    private DialOrder OrderOf(EndPoint[] endPoints)
    {
        (IPEndPoint? first, IPEndPoint[] failed) = (_answered, _failed);
        if (first is null && failed.Length == 0)
            return new DialOrder(endPoints, IsFirstKnown: false);
        if (_order is { } order && order.EndPoints == endPoints && order.Failed == failed && Equals(order.First, first))
            return order.Order;
        bool isKnown = first is not null && endPoints.Contains(first);
        EndPoint[] ordered = endPoints.Length > DialOrder.MaxCount
            ? endPoints
            : [.. endPoints.OrderBy(each => Array.IndexOf(failed, each))]; // a stable sort; those that have not failed come first
        var made = new DialOrder(isKnown ? [first!, .. ordered.Where(each => !each.Equals(first))] : ordered, isKnown);
        _order = new OrderedFor(endPoints, first, failed, made);
        return made;
    }

    // Names may move on to other addresses for ever.
    private void ForgetOthers(EndPoint[] endPoints)
    {
        if (_failures.Count <= endPoints.Length)
            return;
        HashSet<IPAddress> current = [.. endPoints.OfType<IPEndPoint>().Select(endPoint => endPoint.Address)];
        foreach ((IPAddress address, _) in _failures)
        {
            if (!current.Contains(address))
                _ = _failures.TryRemove(address, out _);
        }
    }

    private sealed record FailureRecord(long LoggedAt, bool IsFailed);

    private sealed record OrderedFor(EndPoint[] EndPoints, IPEndPoint? First, IPEndPoint[] Failed, DialOrder Order);
}
