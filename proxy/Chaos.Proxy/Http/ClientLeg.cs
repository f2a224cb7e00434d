using System.IO.Pipelines;
using System.Net.Sockets;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tcp;
using Chaos.Proxy.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Chaos.Proxy.Http;

/// <summary>The client's side of a connection to an HTTP or WebSocket proxy: a feature of the server's connection. Requests come and go on it.</summary>
internal sealed class ClientLeg
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DeliveryTimeout = TimeSpan.FromSeconds(5);


    /// <summary>Where the kernel does not tell what has arrived, this has to do.</summary>
    private static readonly TimeSpan BlindWait = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly ConnectionContext _connection;
    private readonly CountedOutput _output;
    private readonly long _acknowledgedBefore;
    private long _ordinal;

    public ClientLeg(HttpProxy proxy, Socket socket, ConnectionContext connection, long ordinal)
    {
        (Proxy, _socket, _connection, _ordinal) = (proxy, socket, connection, ordinal);
        _output = new CountedOutput(connection.Transport.Output);
        _acknowledgedBefore = SocketFacts.BytesAcknowledged(socket) ?? 0;
        connection.Transport = new Pipes(connection.Transport.Input, _output);
        connection.Features.Set(this);
        proxy.Joined(this);
        connection.ConnectionClosed.UnsafeRegister(static leg => ((ClientLeg)leg!).Proxy.Left((ClientLeg)leg), this);
    }

    public HttpProxy Proxy { get; }

    /// <summary>The ordinal of the client's connect, for its first request; 0 for others, which get ordinals of their own.</summary>
    public long TakeOrdinal() => Interlocked.Exchange(ref _ordinal, 0);

    /// <summary>Closes it with RST.</summary>
    public void Reset()
    {
        // The server first: it closes the socket with RST, and knows then why its reads fail.
        _connection.Abort(new ConnectionAbortedException("Reset by the proxy."));
        _socket.Reset();
    }

    /// <summary>Ends the proxy's side in order, once what was written before has arrived; a client that does not read is not waited for.</summary>
    public async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(EndPatience);
        if (_connection.Features.Get<ISslStreamFeature>() is { } tls) await Task.WhenAny(tls.SslStream.NotifyAsync(), Task.Delay(EndPatience)).ConfigureAwait(false);
        await DeliveredAsync(patience.Token).ConfigureAwait(false);
        _socket.End();
    }

    /// <summary>It came to nothing before there was a request.</summary>
    public void Failed(Ending ending) => new Arrival(Proxy.Link, _socket) { Ordinal = TakeOrdinal() }.TryEnd(ending);

    /// <summary>
    /// Completes when the client's machine has acknowledged everything the server has written so far, or after 5 s. A
    /// reset throws away what is still under way.
    /// </summary>
    public async Task DeliveredAsync(CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!cancellation.IsCancellationRequested && TimeProvider.System.GetElapsedTime(start) < DeliveryTimeout)
        {
            if (SocketFacts.BytesAcknowledged(_socket) is not { } acknowledged)
            {
                await Task.Delay(BlindWait, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }
            if (acknowledged - _acknowledgedBefore >= _output.Bytes) return;
            await Task.Delay(1, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
