namespace Chaos.Proxy.Client;

/// <summary>TLS on the side where a proxy listens: files, or a self-signed certificate.</summary>
/// <param name="Certificate">PEM file, on the proxy's machine, with the certificate and those that lead to its root.</param>
/// <param name="Key">PEM file with the private key, where it is not in the certificate's file.</param>
/// <param name="SelfSigned">A certificate is made at start, for localhost and the host that is listened on.</param>
public sealed record ListenTls(string? Certificate = null, string? Key = null, bool? SelfSigned = null);

/// <summary>TLS towards upstreams.</summary>
/// <param name="ServerName">Name to ask for and to expect in the certificate; null for the upstream's host.</param>
/// <param name="Verify">A certificate that is not valid is refused.</param>
/// <param name="Ca">PEM file, on the proxy's machine, with the roots to trust; null for those of the system.</param>
public sealed record UpstreamTls(string? ServerName = null, bool Verify = true, string? Ca = null);

/// <summary>The certificate that a proxy shows its clients.</summary>
/// <param name="Fingerprint">Its SHA-256.</param>
/// <param name="NotAfter">When it ends.</param>
/// <param name="Pem">It, where it is self-signed, for clients that are to trust it.</param>
public sealed record TlsInfo(string Fingerprint, DateTimeOffset NotAfter, string? Pem = null);
