using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Chaos.Proxy.Tls;

/// <summary>Makes certificates for tests of other systems. Nobody trusts one who was not given it.</summary>
internal static class SelfSigned
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>A certificate for localhost, and for the host of the address that is listened on.</summary>
    public static X509Certificate2 Make(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=chaos proxy", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(Names(host));
        // The system's time, as that is what its clients go by. A day back, as their clocks may be a little behind.
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + Life);
        // Once through a file's form: some systems cannot use the key as it is made.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Extension Names(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        var dns = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "localhost" };
        var addresses = new HashSet<IPAddress> { IPAddress.Loopback, IPAddress.IPv6Loopback };
        var isAddress = IPAddress.TryParse(host, out var address);
        // Whoever listens on every address is called by the machine's name.
        if (host.Length == 0 || IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address)) dns.Add(Dns.GetHostName());
        else if (isAddress) addresses.Add(address!);
        else dns.Add(host);
        foreach (var name in dns)
            names.AddDnsName(name);
        foreach (var ip in addresses)
            names.AddIpAddress(ip);
        return names.Build();
    }
}
