namespace LbTcp.Preface;

/// <summary>The certificates for one server name: one with an EC key, one with an RSA key, or both.</summary>
internal sealed class NameCertificates
{
    private PreparedCertificate? _ec;
    private PreparedCertificate? _rsa;

    /// <summary>Adds a certificate, unless there is one with the same kind of key.</summary>
    public void Add(PreparedCertificate certificate)
    {
        if (certificate.HasEcKey)
            _ec ??= certificate;
        else
            _rsa ??= certificate;
    }

    /// <summary>
    /// Returns the certificate for a client: the one with an EC key, whose signatures are cheaper, unless there is another and the client
    /// cannot use it.
    /// </summary>
    public PreparedCertificate Select(TlsOffer offered) =>
        _ec is not null && (_rsa is null || _ec.IsUsableBy(offered)) ? _ec : _rsa!;
}
