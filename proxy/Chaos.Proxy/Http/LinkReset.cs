using Microsoft.AspNetCore.Http.Features;

namespace Chaos.Proxy.Http;

/// <summary>Stands in for the server's reset feature, through which YARP breaks off an answer under HTTP/2.</summary>
/// <param name="mayReset">Asked before the stream is reset.</param>
internal sealed class LinkReset(IHttpResetFeature inner, Func<bool> mayReset) : IHttpResetFeature
{
    public void Reset(int errorCode)
    {
        if (mayReset()) inner.Reset(errorCode);
    }
}
