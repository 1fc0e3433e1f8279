using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LbTcp.Configuration;

/// <summary>Finds certificates and keys in the text of PEM files (RFC 7468), which may hold other things as well.</summary>
internal static class PemFile
{
    private const string Certificate = "CERTIFICATE";
    private const string EncryptedKey = "ENCRYPTED PRIVATE KEY";
    private const string LegacyEncryption = "Proc-Type: 4,ENCRYPTED"; // RFC 1421, before the key of "openssl genrsa -aes256"

    private static readonly string[] _keys = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

    /// <summary>Reads all certificates of a file.</summary>
    /// <param name="path">The file; relative to the working directory.</param>
    /// <param name="text">The text of the file.</param>
    /// <param name="certificates">At least one, in the order of the file.</param>
    /// <param name="error">Otherwise what is wrong.</param>
    public static bool TryReadCertificates(
        string path,
        string text,
        [NotNullWhen(true)] out IReadOnlyList<X509Certificate2>? certificates,
        [NotNullWhen(false)] out ConfigurationError? error)
    {
        certificates = null;
        List<X509Certificate2> found = [];
        foreach (PemBlock block in PemBlock.FindAll(text).Where(block => block.Label == Certificate))
        {
            try
            {
                found.Add(X509CertificateLoader.LoadCertificate(block.Content));
            }
            catch (CryptographicException)
            {
                error = new ConfigurationError(SafeText.Escape(path), "The certificate that begins here cannot be decoded.", block.Line);
                return false;
            }
        }

        error = found.Count > 0 ? null : Error(path, "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).");
        certificates = error is null ? found : null;
        return error is null;
    }

    /// <summary>Reads the key of <paramref name="certificate"/>. Nothing of the key is in the error.</summary>
    /// <param name="path">The file of the key; relative to the working directory.</param>
    /// <param name="text">The text of that file.</param>
    /// <param name="certificatePath">The file of the certificate, which may be the same.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="withKey">The certificate with its key.</param>
    /// <param name="error">Otherwise what is wrong.</param>
    public static bool TryAddKey(
        string path,
        string text,
        string certificatePath,
        X509Certificate2 certificate,
        [NotNullWhen(true)] out X509Certificate2? withKey,
        [NotNullWhen(false)] out ConfigurationError? error)
    {
        withKey = null;
        if (!HasRsaOrEcKey(certificate))
        {
            error = Error(certificatePath, "holds a certificate with a key that is neither RSA nor EC, which is not supported.");
            return false;
        }

        string? problem = FindProblem(path, text, isAlone: path != certificatePath, out string? pem);
        if (problem is null)
        {
            using AsymmetricAlgorithm? key = ReadKey(pem!);
            withKey = key is null ? null : AddKey(certificate, key);
            problem = key is null ? "holds a private key that cannot be decoded."
                : withKey is null ? $"holds a private key that does not belong to the certificate in {SafeText.Escape(certificatePath)}."
                : null;
        }

        error = problem is null ? null : Error(path, problem);
        return error is null;
    }

    private static string? FindProblem(string path, string text, bool isAlone, out string? key)
    {
        List<PemBlock> blocks = PemBlock.FindAll(text);
        key = blocks.FirstOrDefault(block => _keys.Contains(block.Label))?.Text;
        if (key is not null)
            return null;
        return blocks.Any(block => block.Label == EncryptedKey) || text.Contains(LegacyEncryption, StringComparison.Ordinal)
            ? "holds an encrypted private key, and there is no way to give its password; "
                + $"decrypt it with 'openssl pkey -in {SafeText.Escape(path)}' into a file that only the user of lbtcp can read."
            : "holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)"
                + (isAlone ? "." : "; add the key to it, or name the file of the key as tls_key.");
    }

    private static bool HasRsaOrEcKey(X509Certificate2 certificate)
    {
        using RSA? rsa = certificate.PublicKey.GetRSAPublicKey();
        using ECDsa? ec = certificate.PublicKey.GetECDsaPublicKey();
        return (rsa ?? (object?)ec) is not null;
    }

    // What the text does not tell, a key of the form PKCS#8 may be of either kind.
    private static AsymmetricAlgorithm? ReadKey(string pem) => ReadKey(pem, RSA.Create()) ?? ReadKey(pem, ECDsa.Create());

    private static AsymmetricAlgorithm? ReadKey(string pem, AsymmetricAlgorithm key)
    {
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }

    // Null if it is the key of another certificate.
    private static X509Certificate2? AddKey(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        try
        {
            return key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static ConfigurationError Error(string path, string predicate)
    {
        string name = SafeText.Escape(path);
        return new ConfigurationError(name, $"{name} {predicate}");
    }
}
