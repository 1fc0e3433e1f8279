using LbTcp.Admission;
using LbTcp.Discovery;
using LbTcp.Forwarding;
using LbTcp.Health;
using LbTcp.Hosting.Operations;
using LbTcp.Preface;

namespace LbTcp.Hosting;

/// <summary>Creates the periodic work of a service whose interval or end depends on what is done.</summary>
internal static class ServiceTickers
{
    /// <summary>Looks for connections whose backend has sent nothing yet.</summary>
    public static Ticker FirstBytes(FirstByteWatch firstBytes)
    {
        var looks = new Ticker("first bytes", () => firstBytes.Tick, _ => firstBytes.Look());
        firstBytes.TickShortened += looks.Reschedule;
        return looks;
    }

    /// <summary>Dials further backends beside those that have not answered.</summary>
    public static Ticker Dials(HedgeConnector hedges)
    {
        var dials = new Ticker("dials", () => hedges.Tick, _ => hedges.Check());
        hedges.TickShortened += dials.Reschedule;
        return dials;
    }

    /// <summary>Admits clients that wait for a rate.</summary>
    public static Ticker Admission(AdmissionQueue queue)
    {
        var admissions = new Ticker("admission", () => queue.Tick, _ => queue.ServeDue());
        queue.TickShortened += admissions.Reschedule;
        return admissions;
    }

    /// <summary>Checks backends; ends when no check and no hang-up of one is left.</summary>
    public static Ticker Checks(HealthChecker checker, HangUpList hangUps)
    {
        return new Ticker("health checks", () => checker.Tick, checker.BeginDueChecks, FinishAsync);

        async Task FinishAsync()
        {
            await checker.WhenIdleAsync(); // from here on no hang-up is added
            await hangUps.WhenIdleAsync();
        }
    }

    /// <summary>Decides by the results of checks and dials.</summary>
    public static Ticker Decisions(PoolHealth health)
    {
        var decisions = new Ticker("health decisions", () => health.Tick, _ => health.Decide());
        health.Reported += decisions.Reschedule;
        return decisions;
    }

    /// <summary>Asks for names again.</summary>
    public static Ticker Names(BackendDiscovery discovery)
    {
        var names = new Ticker("names", () => discovery.Tick, _ => discovery.Refresh());
        discovery.TickShortened += names.Reschedule;
        return names;
    }

    /// <summary>Warns about certificates; ends when nothing is fetched for them any more.</summary>
    public static Ticker Certificates(CertificateExpiry expiry, TlsTermination tls)
    {
        var certificates = new Ticker("certificates", () => expiry.Tick, _ => expiry.Report(), tls.FinishAsync);
        expiry.TickChanged += certificates.Reschedule;
        return certificates;
    }

    /// <summary>Samples the traffic, and moves connections, for an operator.</summary>
    public static Ticker[] Operated(ServiceParts parts)
    {
        var rebalance = new Ticker("rebalance", () => parts.Rebalancer.Tick, _ => parts.Rebalancer.Advance());
        parts.Rebalancer.Started += rebalance.Reschedule;
        return [new Ticker("traffic", () => TrafficSampler.Interval, _ => parts.Sampler.Sample()), rebalance];
    }
}
