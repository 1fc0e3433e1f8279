using System.Net;
using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Admission;

/// <summary>The limits of a service, and clients that the test has come and go.</summary>
public abstract class AdmissionScenario
{
    private readonly CurrentServiceOptions _options;

    private protected AdmissionScenario(AdmissionOptions? options = null, int maxQueue = 1024)
    {
        _options = new CurrentServiceOptions(Service(options ?? new AdmissionOptions(), maxQueue));
        Limits = new SourceLimits(_options, Clock);
        Queue = new AdmissionQueue(Limits, Clock);
        Queue.TickShortened += () => TicksShortened++;
    }

    private protected JumpingClock Clock { get; } = new();

    private protected SourceLimits Limits { get; }

    private protected AdmissionQueue Queue { get; }

    private protected int TicksShortened { get; private set; }

    private protected static EventRate PerSecond(int count) => new(count, TimeSpan.FromSeconds(1));

    private protected void Reload(AdmissionOptions options, int maxQueue = 1024) => _options.Replace(Service(options, maxQueue));

    /// <summary>A client asks to be admitted.</summary>
    /// <param name="address">Its address; null for that of a unix socket.</param>
    /// <param name="cancellationToken">Ends its wait.</param>
    private protected Task<AdmissionResult> Admit(string? address, CancellationToken cancellationToken = default)
    {
        IPAddress? client = address is null ? null : IPAddress.Parse(address);
        return Queue.TryAdmit(client) is { } result ? Task.FromResult(result) : Queue.WaitAsync(client, cancellationToken).AsTask();
    }

    /// <summary>A client is admitted at once.</summary>
    private protected SourceConnections? Admitted(string? address)
    {
        Task<AdmissionResult> admission = Admit(address);
        Assert.True(admission.IsCompletedSuccessfully);
        Assert.Null(admission.Result.Refusal);
        return admission.Result.Taken;
    }

    private protected void Pass(TimeSpan time)
    {
        Clock.Advance(time);
        Queue.ServeDue();
    }

    private static ServiceOptions Service(AdmissionOptions options, int maxQueue) =>
        new() { Backends = [], Admission = options, Forwarding = new ForwardingOptions { MaxQueue = maxQueue } };
}
