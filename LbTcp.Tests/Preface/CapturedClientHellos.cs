namespace LbTcp.Tests.Preface;

/// <summary>What programs send first when they connect with TLS, captured from them.</summary>
internal static class CapturedClientHellos
{
    /// <summary><c>openssl s_client -servername a.example</c> of OpenSSL 3.0.</summary>
    public static readonly byte[] OpenSsl = Convert.FromBase64String(
        "FgMBATYBAAEyAwMRQkJsD1WSGSXIv4ybdkm8qyqVPt9hseys31UnoSfOISBEJJ90eVdBYt1n2Sj5k7gwbs4XoIAebllrXrIyDbHiMQA+EwITAx" +
        "MBwCzAMACfzKnMqMyqwCvALwCewCTAKABrwCPAJwBnwArAFAA5wAnAEwAzAJ0AnAA9ADwANQAvAP8BAACrAAAADgAMAAAJYS5leGFtcGxlAAsA" +
        "BAMAAQIACgAWABQAHQAXAB4AGQAYAQABAQECAQMBBAAjAAAAFgAAABcAAAANACoAKAQDBQMGAwgHCAgICQgKCAsIBAgFCAYEAQUBBgEDAwMBAw" +
        "IEAgUCBgIAKwAJCAMEAwMDAgMBAC0AAgEBADMAJgAkAB0AIIPKkXQPRSi/zoikPtV+cHIXK6Eq414A3rs14eBwML8L");

    /// <summary><c>openssl s_client -noservername</c> of OpenSSL 3.0.</summary>
    public static readonly byte[] OpenSslWithoutName = Convert.FromBase64String(
        "FgMBASQBAAEgAwNTNMyXUC6/dgfKMQNqh9JrlyGr7NCn4eTAW1Q9P70gJiACJudfMxMClqyfdIbHNqMbInD7biA0ym8Oqyk3mlbOswA+EwITAx" +
        "MBwCzAMACfzKnMqMyqwCvALwCewCTAKABrwCPAJwBnwArAFAA5wAnAEwAzAJ0AnAA9ADwANQAvAP8BAACZAAsABAMAAQIACgAWABQAHQAXAB4A" +
        "GQAYAQABAQECAQMBBAAjAAAAFgAAABcAAAANACoAKAQDBQMGAwgHCAgICQgKCAsIBAgFCAYEAQUBBgEDAwMBAwIEAgUCBgIAKwAJCAMEAwMDAg" +
        "MBAC0AAgEBADMAJgAkAB0AINBryQHsxBMlbihvq7n+uRMiLlZ0l5ZJ7v3y/WTw8hFP");

    /// <summary><c>openssl s_client -servername a.example -tls1_2</c> of OpenSSL 3.0.</summary>
    public static readonly byte[] OpenSslTls12 = Convert.FromBase64String(
        "FgMBAMkBAADFAwOL4A+tyE6IKRjnPz9QFX4foNzpxkyHmv3h3QzjVrWumwAAOMAswDAAn8ypzKjMqsArwC8AnsAkwCgAa8AjwCcAZ8AKwBQAOc" +
        "AJwBMAMwCdAJwAPQA8ADUALwD/AQAAZAAAAA4ADAAACWEuZXhhbXBsZQALAAQDAAECAAoADAAKAB0AFwAeABkAGAAjAAAAFgAAABcAAAANACoA" +
        "KAQDBQMGAwgHCAgICQgKCAsIBAgFCAYEAQUBBgEDAwMBAwIEAgUCBgI=");

    /// <summary><c>curl https://a.example/</c> of curl 7.88 with OpenSSL, which offers HTTP/2.</summary>
    public static readonly byte[] Curl = Convert.FromBase64String(
        "FgMBAgABAAH8AwM0Fk8/vRMaqwb9Xe45sq5dtlPMXUik6ATAwSCuBvUtLiBluKICiNlMbUtVP0KExaCO06axv+jId+smWACgNbtK/AA+EwITAx" +
        "MBwCzAMACfzKnMqMyqwCvALwCewCTAKABrwCPAJwBnwArAFAA5wAnAEwAzAJ0AnAA9ADwANQAvAP8BAAF1AAAADgAMAAAJYS5leGFtcGxlAAsA" +
        "BAMAAQIACgAWABQAHQAXAB4AGQAYAQABAQECAQMBBAAQAA4ADAJoMghodHRwLzEuMQAWAAAAFwAAADEAAAANACoAKAQDBQMGAwgHCAgICQgKCA" +
        "sIBAgFCAYEAQUBBgEDAwMBAwIEAgUCBgIAKwAJCAMEAwMDAgMBAC0AAgEBADMAJgAkAB0AIF6s+xhpFsTCTO87zajH/eaUkQ8/HmxPjrckQkKu" +
        "0NdZABUAtAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" +
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" +
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==");
}
