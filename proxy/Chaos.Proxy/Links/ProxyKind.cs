namespace Chaos.Proxy.Links;

/// <summary>What a proxy understands of its traffic.</summary>
internal enum ProxyKind
{
    /// <summary>Bytes.</summary>
    Tcp,

    /// <summary>HTTP with WebSocket upgrades; frames.</summary>
    WebSocket,

    /// <summary>HTTP; requests and answers.</summary>
    Http,
}

internal static class ProxyKindNames
{
    public const string All = "tcp, websocket or http";

    public static string Name(this ProxyKind kind) => kind switch
    {
        ProxyKind.WebSocket => "websocket",
        ProxyKind.Http => "http",
        _ => "tcp",
    };

    /// <summary>Null for a name that is none.</summary>
    public static ProxyKind? Parse(string name) => name switch
    {
        "tcp" => ProxyKind.Tcp,
        "websocket" => ProxyKind.WebSocket,
        "http" => ProxyKind.Http,
        _ => null,
    };
}
