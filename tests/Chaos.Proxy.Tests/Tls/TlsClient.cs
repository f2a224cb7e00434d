using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Tls;

/// <summary>A client that talks TLS, and sees what happens beneath it.</summary>
internal sealed class TlsClient : IDisposable
{
    private readonly RecordTap _tap;

    private TlsClient(Socket socket)
    {
        Socket = socket;
        _tap = new RecordTap(socket);
        Stream = new SslStream(_tap);
    }

    public Socket Socket { get; }

    public SslStream Stream { get; }

    /// <summary>Connects; takes any certificate, unless one is given that alone is trusted.</summary>
    public static async Task<TlsClient> ConnectAsync(IPEndPoint address, X509Certificate2? trusted = null, string host = "localhost")
    {
        var client = new TlsClient(await Bench.ConnectAsync(address));
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        if (trusted is not null) policy.CustomTrustStore.Add(trusted);
        try
        {
            await client.Stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host, EnabledSslProtocols = SslProtocols.Tls12, CertificateChainPolicy = trusted is null ? null : policy,
                RemoteCertificateValidationCallback = trusted is null ? (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable : null,
            });
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async Task<double> EchoAsync(byte[] data)
    {
        var start = TimeProvider.System.GetTimestamp();
        // At once, as both sides' buffers may be smaller than the data.
        var write = Stream.WriteAsync(data).AsTask();
        Assert.Equal(data, await ReadAsync(data.Length));
        await write;
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    public async Task<byte[]> ReadAsync(int count)
    {
        using var patience = new CancellationTokenSource(30_000);
        var data = new byte[count];
        await Stream.ReadExactlyAsync(data, patience.Token);
        return data;
    }

    /// <summary>How it ends: "close_notify" (then FIN), "fin" (without) or "rst".</summary>
    public async Task<string> EndingAsync()
    {
        using var patience = new CancellationTokenSource(30_000);
        try
        {
            while (await Stream.ReadAsync(new byte[4096], patience.Token) > 0)
            {
            }
            return _tap.Last == RecordTap.Alert ? "close_notify" : "fin";
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return "rst";
        }
    }

    public void Dispose()
    {
        Socket.Dispose();
        Stream.Dispose();
    }
}
