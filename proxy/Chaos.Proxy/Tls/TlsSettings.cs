namespace Chaos.Proxy.Tls;

/// <summary>TLS on the side where a proxy listens, as it was asked for.</summary>
/// <param name="Certificate">PEM file with the certificate and, behind it, those that lead to its root; null for a self-signed one, made at start.</param>
/// <param name="Key">PEM file with the certificate's private key; null where it is in the certificate's file.</param>
internal sealed record ListenTls(string? Certificate, string? Key)
{
    public static readonly ListenTls SelfSigned = new(null, null);
}

/// <summary>TLS towards the upstreams, as it was asked for.</summary>
/// <param name="ServerName">Name that is asked for (SNI) and must be in the certificate; null for the upstream's host.</param>
/// <param name="Verify">The certificate must be valid.</param>
/// <param name="Ca">PEM file with the roots to trust; null for those of the system.</param>
internal sealed record UpstreamTls(string? ServerName, bool Verify, string? Ca)
{
    public static readonly UpstreamTls Default = new(null, true, null);
}
