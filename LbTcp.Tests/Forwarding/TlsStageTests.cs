using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

public sealed class TlsStageTests
{
    [Fact]
    public async Task StapleAsync_CertificateCannotBePrepared_LogsItOnceAndDoesNotThrow()
    {
        using var files = new TemporaryDirectory();
        string path = files.Write("pem", TestCertificates.CreateWithResponder("stapled.test").ToPem());
        Assert.True(CertificateFile.TryRead(path, null, out CertificateFile? file, out _));
        var logs = new LogRecorder<TlsStage>();
        var stage = new TlsStage(new TlsOptions { Certificates = new CertificateSet([file]) }, new TlsHandshakes(), logs);
        file.Certificate.Dispose();

        await stage.StapleAsync().Done();

        Assert.Equal(path, logs.Single(EventIds.StaplingFailed)["File"]);
    }
}
