namespace Chaos.Experiments.Files;

/// <summary>Addresses of gateways, as files and the command line give them.</summary>
public static class GatewayAddress
{
    /// <summary>How to write one, as a sentence.</summary>
    public const string Form = "Write ws://host:port/path, or wss: for TLS; a query may follow.";

    /// <summary>What is wrong with an address, to go behind "the address"; null when nothing is.</summary>
    public static string? Problem(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0) return "is no URL";
        if (uri.Scheme is not ("ws" or "wss")) return "is no WebSocket address";
        if (uri.UserInfo.Length > 0) return "holds a user, which no WebSocket client sends (use a header)";
        return uri.Fragment.Length > 0 ? "has a fragment, which never leaves a client" : null;
    }
}
