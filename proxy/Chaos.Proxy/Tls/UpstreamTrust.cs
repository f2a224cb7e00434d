using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Chaos.Proxy.Tls;

/// <summary>Whom a proxy takes for its upstream.</summary>
/// <remarks>Nobody disposes of its certificates: a handshake may be under way when the proxy gets others.</remarks>
internal sealed class UpstreamTrust
{
    private readonly UpstreamTls _settings;
    private readonly X509Certificate2Collection _roots = [];

    /// <exception cref="FormatException">The file of roots is not there, cannot be read, or holds none.</exception>
    public UpstreamTrust(UpstreamTls settings)
    {
        _settings = settings;
        if (settings.Ca is null) return;
        try
        {
            _roots.ImportFromPemFile(settings.Ca);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new FormatException($"upstream_tls: {settings.Ca}: {e.Message}", e);
        }
        if (_roots.Count == 0) throw new FormatException($"upstream_tls: {settings.Ca}: there is no certificate in it");
    }

    /// <summary>How to meet an upstream.</summary>
    /// <param name="host">Its host as it is dialled.</param>
    /// <param name="refused">Told why its certificate is refused, if it is.</param>
    public SslClientAuthenticationOptions Options(string host, Action<string> refused) => new()
    {
        TargetHost = _settings.ServerName ?? host,
        CertificateChainPolicy = _roots.Count == 0 ? null : Policy(),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            if (!_settings.Verify || errors == SslPolicyErrors.None) return true;
            refused(Why(_settings.ServerName ?? host, certificate, chain, errors));
            return false;
        },
    };

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_roots);
        return policy;
    }

    private static string Why(string name, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return "it has no certificate";
        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) reasons.Add($"it is not for {name}");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)) reasons.AddRange((chain?.ChainStatus ?? []).Select(status => status.StatusInformation.Trim()).Distinct());
        return $"its certificate ({certificate.Subject}) is refused: {string.Join("; ", reasons)}";
    }
}
