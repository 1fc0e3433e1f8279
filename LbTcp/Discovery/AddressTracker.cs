using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Discovery;

/// <summary>
/// Remembers for each backend with several addresses which of them answered last, for the order of later dials, and logs those that do not
/// answer. The dials of clients and of health checks share it. Safe for use by any number of threads; neither locks nor allocates while
/// nothing changes.
/// </summary>
/// <param name="timeProvider">The clock of the log.</param>
/// <param name="logger">Receives addresses that stop to answer and that answer again.</param>
internal sealed partial class AddressTracker(TimeProvider timeProvider, ILogger<AddressTracker> logger)
{
    private static readonly TimeSpan _logInterval = TimeSpan.FromMinutes(1);

    private readonly ConditionalWeakTable<Backend, DialledAddresses> _records = [];

    /// <summary>
    /// Raised when no address of a backend could be reached, on the thread of the dial, which must not be blocked.
    /// </summary>
    public event Action<Backend>? Unreachable;

    /// <summary>Returns the addresses of a backend in the order in which they should be dialled.</summary>
    public DialOrder Order(Backend backend)
    {
        EndPoint[] endPoints = backend.EndPoints;
        if (endPoints.Length > DialOrder.MaxCount)
            return RecordOf(backend).Order(endPoints);
        return endPoints.Length > 1 && _records.TryGetValue(backend, out DialledAddresses? record)
            ? record.Order(endPoints)
            : new DialOrder(endPoints, IsFirstKnown: false);
    }

    /// <summary>Records that one of several addresses of a backend has answered.</summary>
    public void Answered(Backend backend, IPEndPoint endPoint)
    {
        DialledAddresses record = RecordOf(backend);
        record.Answered(endPoint);
        if (record.EndFailure(endPoint.Address))
            Log.AddressAnswers(logger, backend.Name, endPoint);
    }

    /// <summary>Records that one of several addresses of a backend has not answered.</summary>
    public void Failed(Backend backend, IPEndPoint endPoint, SocketError error)
    {
        DialledAddresses record = RecordOf(backend);
        record.Failed(endPoint);
        if (SocketErrors.IsUnreachable(error) && record.BeginFailure(endPoint.Address, backend.EndPoints, timeProvider, _logInterval))
            Log.AddressFails(logger, backend.Name, endPoint, SocketErrors.Describe(error));
    }

    /// <summary>Records that no address of a backend could be reached.</summary>
    public void AllFailed(Backend backend) => Unreachable?.Invoke(backend);

    private DialledAddresses RecordOf(Backend backend) => _records.GetValue(backend, static _ => new DialledAddresses());

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.AddressFails, LogLevel.Warning, "address does not answer backend={Backend} address={Address} reason={Reason}")]
        public static partial void AddressFails(ILogger logger, string backend, EndPoint address, string reason);

        [LoggerMessage(EventIds.AddressAnswers, LogLevel.Information, "address answers again backend={Backend} address={Address}")]
        public static partial void AddressAnswers(ILogger logger, string backend, EndPoint address);
    }
}
