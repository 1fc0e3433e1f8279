using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Preface;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Preface;

public sealed class CertificateExpiryTests : IDisposable
{
    private static readonly ServiceOptions _plain = new() { Backends = [] };

    private readonly TemporaryDirectory _files = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly LogRecorder<CertificateExpiry> _logs = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Report_ExpiresWithinTwoWeeks_IsAWarningUntilItHasExpired()
    {
        CertificateExpiry expiry = Of(new CurrentServiceOptions(Options(days: 15)));

        expiry.Report();
        Assert.Empty(_logs.Records);
        _clock.Advance(TimeSpan.FromDays(2));
        expiry.Report();
        Assert.Equal(13, _logs.Single(EventIds.CertificateExpires)["days"]);
        _clock.Advance(TimeSpan.FromDays(14));
        expiry.Report();
        Assert.Equal(_files["pem"], _logs.Single(EventIds.CertificateInvalid)["file"]);
    }

    [Fact]
    public void Tick_CertificatesComeWithAReload_IsOncePerDayAndTheyAreReportedAtOnce()
    {
        var options = new CurrentServiceOptions(_plain);
        CertificateExpiry expiry = Of(options);
        int changes = 0;
        expiry.TickChanged += () => changes++;
        Assert.Equal(Timeout.InfiniteTimeSpan, expiry.Tick);

        options.All.Replace(Options(days: 3));

        Assert.Equal((TimeSpan.FromDays(1), 1), (expiry.Tick, changes));
        Assert.Equal(1, _logs.Count(EventIds.CertificateExpires));
    }

    private CertificateExpiry Of(CurrentServiceOptions options) => new(options, _clock, _logs);

    private ServiceOptions Options(int days)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        string path = _files.Write("pem", TestCertificates.CreateValid("a", now.AddDays(-1), now.AddDays(days).AddHours(1)).ToPem());
        Assert.True(CertificateFile.TryRead(path, null, out CertificateFile? file, out _));
        return _plain with { Tls = new TlsOptions { Certificates = new CertificateSet([file]) } };
    }
}
