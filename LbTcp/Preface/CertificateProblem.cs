using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace LbTcp.Preface;

/// <summary>Why the certificate of a peer is refused, in the operator's terms; the framework only names its flags.</summary>
internal static class CertificateProblem
{
    /// <summary>Describes it.</summary>
    /// <param name="owner">The peer: "the client".</param>
    /// <param name="name">The name that the certificate must have; null if any is accepted.</param>
    /// <param name="certificate">The certificate; null if the peer has presented none.</param>
    /// <param name="chain">What was found out about its issuers; null if nothing was.</param>
    /// <param name="errors">What the framework found.</param>
    /// <returns>The exception that ends the handshake.</returns>
    public static AuthenticationException Of(
        string owner, string? name, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return new AuthenticationException($"{owner} has presented no certificate");
        var problems = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            problems.Add($"it is not for {name}");
        problems.AddRange((chain?.ChainStatus ?? []).Select(status => Describe(status.Status, certificate)).Distinct());
        return new AuthenticationException(
            $"the certificate of {owner} is invalid: {string.Join(", ", problems.DefaultIfEmpty(errors.ToString()))}");
    }

    private static string Describe(X509ChainStatusFlags status, X509Certificate certificate) => status switch
    {
        X509ChainStatusFlags.NotTimeValid when certificate is X509Certificate2 its => string.Create(
            CultureInfo.InvariantCulture,
            $"it or an issuer is out of date (it is valid from {its.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} "
            + $"to {its.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC)"),
        X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain => "no authority that is trusted has issued it",
        X509ChainStatusFlags.NotSignatureValid => "a signature is wrong",
        X509ChainStatusFlags.NotValidForUsage => "it is not issued for this use",
        _ => status.ToString(),
    };
}
