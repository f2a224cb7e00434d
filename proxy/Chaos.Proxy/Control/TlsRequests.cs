using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Tls;

namespace Chaos.Proxy.Control;

/// <summary>TLS in bodies and answers: false for none, true for what goes without saying, or an object.</summary>
internal static class TlsRequests
{
    /// <param name="otherwise">What counts where nothing is given.</param>
    /// <exception cref="ControlError">It is not of that form.</exception>
    public static ListenTls? ReadListen(Body body, ListenTls? otherwise)
    {
        if (body.Node("tls") is not { } node) return otherwise;
        if (node is not JsonObject json) return IsOn("tls", node) ? ListenTls.SelfSigned : null;
        NothingBut("tls", json, "certificate", "key", "self_signed");
        var (certificate, key) = (Text("tls", json, "certificate"), Text("tls", json, "key"));
        var selfSigned = json["self_signed"] is { } flag && IsOn("tls.self_signed", flag);
        if (selfSigned == (certificate is not null)) throw ControlError.BadBody("tls: needs either certificate, with key, or self_signed: true");
        if (key is not null && certificate is null) throw ControlError.BadBody("tls: key needs a certificate");
        return new ListenTls(certificate, key);
    }

    /// <param name="otherwise">What counts where nothing is given.</param>
    /// <exception cref="ControlError">It is not of that form.</exception>
    public static UpstreamTls? ReadUpstream(Body body, UpstreamTls? otherwise)
    {
        if (body.Node("upstream_tls") is not { } node) return otherwise;
        if (node is not JsonObject json) return IsOn("upstream_tls", node) ? UpstreamTls.Default : null;
        NothingBut("upstream_tls", json, "server_name", "verify", "ca");
        return new UpstreamTls(Text("upstream_tls", json, "server_name"), json["verify"] is not { } flag || IsOn("upstream_tls.verify", flag), Text("upstream_tls", json, "ca"));
    }

    /// <summary>Reads the files, too.</summary>
    /// <exception cref="ControlError">One of them is not what it must be.</exception>
    public static object? Check(Body body)
    {
        try
        {
            if (ReadListen(body, null) is { Certificate: not null } tls) ServerIdentity.Load(tls, "");
            if (ReadUpstream(body, null) is { } upstream) _ = new UpstreamTrust(upstream);
            return null;
        }
        catch (FormatException e)
        {
            throw ControlError.BadBody(e.Message);
        }
    }

    /// <summary>Adds what a proxy has of it; nothing where it talks in the clear.</summary>
    public static void Show(JsonObject json, ProxySettings settings, ServerIdentity? identity)
    {
        if (settings.Tls is { } tls && identity is not null)
        {
            var shown = new JsonObject();
            if (tls.Certificate is null) shown["self_signed"] = true;
            else shown["certificate"] = tls.Certificate;
            if (tls.Key is not null) shown["key"] = tls.Key;
            shown["fingerprint"] = identity.Fingerprint;
            shown["not_after"] = identity.NotAfter.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
            if (tls.Certificate is null) shown["pem"] = identity.Pem;
            json["tls"] = shown;
        }
        if (settings.UpstreamTls is not { } upstream) return;
        var towards = new JsonObject { ["verify"] = upstream.Verify };
        if (upstream.ServerName is not null) towards["server_name"] = upstream.ServerName;
        if (upstream.Ca is not null) towards["ca"] = upstream.Ca;
        json["upstream_tls"] = towards;
    }

    private static bool IsOn(string name, JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw ControlError.BadBody($"{name}: must be true, false{(name.Contains('.', StringComparison.Ordinal) ? "" : " or an object")}"),
    };

    private static string? Text(string where, JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<JsonElement>().GetString() is { Length: > 0 } text => text,
        _ => throw ControlError.BadBody($"{where}.{name}: must be a text"),
    };

    private static void NothingBut(string where, JsonObject json, params string[] known)
    {
        var unknown = json.Select(member => member.Key).Where(name => !known.Contains(name, StringComparer.Ordinal)).ToArray();
        if (unknown.Length > 0) throw ControlError.BadBody($"{where}.{unknown[0]}: unknown; known are: {string.Join(", ", known)}");
    }
}
