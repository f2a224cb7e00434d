using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Chaos.Proxy.Http;

/// <summary>What targets can name of a request, beyond its labels in the ledger: a header may hold a secret.</summary>
internal static class RequestLabels
{
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

    private static string? Present(StringValues values) => values.Count == 0 ? null : values.ToString();
}
