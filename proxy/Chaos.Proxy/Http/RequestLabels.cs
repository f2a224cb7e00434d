using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Chaos.Proxy.Http;

/// <summary>What targets can name of a request, beyond its labels in the ledger: a header may hold a secret.</summary>
internal static class RequestLabels
{
    /// <summary>Label protocol of requests that are streams of a connection.</summary>
    public const string Http2 = "h2";

    private const string Query = "query.";
    private const string Header = "header.";

    /// <summary>Value of a label; null where the request has none of that name.</summary>
    public static string? Of(HttpContext context, string name) => name switch
    {
        "subprotocol" => Present(context.Request.Headers["Sec-WebSocket-Protocol"]),
        "method" => context.Request.Method,
        _ when name.StartsWith(Query, StringComparison.Ordinal) => Present(context.Request.Query[name[Query.Length..]]),
        _ when name.StartsWith(Header, StringComparison.Ordinal) => Present(context.Request.Headers[name[Header.Length..]]),
        _ => null,
    };

    /// <summary>The client's name, from the query; null where it told none.</summary>
    public static string? Client(HttpContext context)
    {
        // Not by the request's own collection: it would be kept as long as the connection lives.
        foreach (var pair in new QueryStringEnumerable(context.Request.QueryString.Value))
        {
            if (!pair.EncodedValue.IsEmpty && pair.DecodeName().Span.Equals("client", StringComparison.OrdinalIgnoreCase)) return pair.DecodeValue().ToString();
        }
        return null;
    }

    private static string? Present(StringValues values) => values.Count == 0 ? null : values.ToString();
}
