using System.Text.Json;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Api;

/// <summary>The state of the process as JSON, which all streams share: with many clients it is still made a few times a second.</summary>
/// <param name="view">The process.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class StateSnapshots(IHostView view, TimeProvider timeProvider)
{
    private static readonly TimeSpan _oldest = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private byte[]? _json;
    private long _madeAt;

    /// <summary>The state, a tenth of a second old at most.</summary>
    public byte[] Read()
    {
        lock (_gate)
        {
            if (_json is null || timeProvider.GetElapsedTime(_madeAt) > _oldest)
            {
                var report = new StateReport(
                    timeProvider.GetUtcNow(), view.ReadProcess(), view.ReadServices(), view.ReadBackends(service: null));
                _json = JsonSerializer.SerializeToUtf8Bytes(report, ApiJson.Default.StateReport);
                _madeAt = timeProvider.GetTimestamp();
            }

            return _json;
        }
    }
}
