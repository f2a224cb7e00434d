using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;

namespace Chaos.Proxy.Tls;

/// <summary>A TLS handshake that came to nothing.</summary>
internal sealed class TlsException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The one that caused a failure, if one did.</summary>
    public static TlsException? In(Exception? failure)
    {
        while (failure is not (null or TlsException)) failure = failure.InnerException;
        return (TlsException?)failure;
    }
}

/// <summary>Handshakes that take no longer than they may.</summary>
/// <param name="limit">How long that is.</param>
internal sealed class TlsHandshake(TimeSpan limit)
{
    /// <summary>How long a handshake may take.</summary>
    public TimeSpan Limit => limit;

    /// <summary>Meets a client.</summary>
    /// <exception cref="TlsException">It came to nothing.</exception>
    public Task<SslStream> WithClientAsync(Stream inner, ServerIdentity identity, CancellationToken cancellation) =>
        RunAsync(inner, (tls, stop) => tls.AuthenticateAsServerAsync(identity.Options(), stop), () => null, cancellation);

    /// <summary>Meets an upstream.</summary>
    /// <param name="host">Its host as it was dialled.</param>
    /// <exception cref="TlsException">It came to nothing.</exception>
    public Task<SslStream> WithUpstreamAsync(Stream inner, UpstreamTrust trust, string host, CancellationToken cancellation)
    {
        string? refusal = null;
        return RunAsync(inner, (tls, stop) => tls.AuthenticateAsClientAsync(trust.Options(host, why => refusal = why), stop), () => refusal, cancellation);
    }

    /// <summary>Why a handshake failed, in one line.</summary>
    public string Explain(Exception failure)
    {
        if (failure is OperationCanceledException) return string.Create(CultureInfo.InvariantCulture, $"no TLS handshake within {limit.TotalSeconds:0.#} s");
        var deepest = failure;
        while (deepest.InnerException is not null) deepest = deepest.InnerException;
        return $"TLS handshake failed: {deepest.Message.ReplaceLineEndings(" ").Trim()}";
    }

    private async Task<SslStream> RunAsync(Stream inner, Func<SslStream, CancellationToken, Task> handshake, Func<string?> refusal, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limit);
        var tls = new SslStream(inner);
        try
        {
            await handshake(tls, timeout.Token).ConfigureAwait(false);
            return tls;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            throw new TlsException(refusal() is { } why ? $"TLS handshake failed: {why}" : Explain(e), e);
        }
    }
}
