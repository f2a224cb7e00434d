using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Chaos.Proxy.Tls;

/// <summary>Who a proxy is to its clients: its certificate.</summary>
/// <remarks>Nobody disposes of it: a handshake may be under way when the proxy gets another.</remarks>
internal sealed class ServerIdentity
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _chain;
    private readonly SslStreamCertificateContext _context;

    private ServerIdentity(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        (_certificate, _chain) = (certificate, chain);
        // Offline: nothing is looked up in the network for it.
        _context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    /// <summary>SHA-256 of the certificate, as <c>openssl x509 -fingerprint -sha256</c> writes it.</summary>
    public string Fingerprint => string.Join(':', Convert.ToHexString(_certificate.GetCertHash(HashAlgorithmName.SHA256)).Chunk(2).Select(pair => new string(pair)));

    /// <summary>The certificate in PEM, for clients that are to trust it.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    public DateTimeOffset NotAfter => _certificate.NotAfter;

    /// <summary>Reads the files, or makes a certificate.</summary>
    /// <param name="host">Host of the listen address; a self-signed certificate is for it as well.</param>
    /// <exception cref="FormatException">A file is not there, cannot be read, or does not hold what it must.</exception>
    public static ServerIdentity Load(ListenTls settings, string host)
    {
        if (settings.Certificate is null) return new ServerIdentity(SelfSigned.Make(host), []);
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(settings.Certificate, settings.Key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(settings.Certificate);
            return new ServerIdentity(certificate, chain);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            var files = settings.Key is null ? settings.Certificate : $"{settings.Certificate} and {settings.Key}";
            throw new FormatException($"tls: {files}: {e.Message}", e);
        }
    }

    /// <summary>How to meet a client.</summary>
    /// <param name="protocols">Protocols to offer (ALPN); none by default.</param>
    public SslServerAuthenticationOptions Options(params List<SslApplicationProtocol> protocols) => new()
    {
        ServerCertificateContext = _context, ApplicationProtocols = protocols.Count > 0 ? protocols : null,
    };
}
