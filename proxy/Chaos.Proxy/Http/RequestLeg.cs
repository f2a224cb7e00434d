using Chaos.Proxy.Links;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Chaos.Proxy.Http;

/// <summary>The client's side of one request: its connection under HTTP/1.1, a stream of its connection under HTTP/2.</summary>
internal sealed class RequestLeg(ClientLeg client, HttpContext context)
{
    /// <summary>What a reset is on a stream: RFC 8441, section 5.</summary>
    private const int Cancel = 8;

    private readonly Lock _gate = new();
    private readonly IHttpResetFeature? _stream = context.Features.Get<IHttpResetFeature>();
    private bool _released;

    public ClientLeg Client => client;

    /// <summary>It is a stream among others.</summary>
    public bool IsStream => _stream is not null;

    /// <summary>How its client left, when all that is known is that the request was aborted: a stream by its reset; of a connection it cannot be told.</summary>
    public string AbortedHow => IsStream ? Ending.Rst : Ending.Fin;

    /// <summary>Ends it with RST; a stream with RST_STREAM.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            if (_released) return;
            if (_stream is null) client.Reset();
            else _stream.Reset(Cancel);
        }
    }

    /// <summary>Ends the proxy's side in order: with FIN, or END_STREAM.</summary>
    public Task EndAsync()
    {
        lock (_gate)
            return _released ? Task.CompletedTask : IsStream ? context.Response.CompleteAsync() : client.EndAsync();
    }

    /// <summary>The request is over: the server may use what belongs to it for another.</summary>
    public void Release()
    {
        lock (_gate)
            _released = true;
    }
}
