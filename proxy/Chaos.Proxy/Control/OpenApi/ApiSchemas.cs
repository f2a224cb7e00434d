using System.Text.Json.Nodes;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Control.OpenApi;

/// <summary>
/// JSON Schemas of what goes over the control API. Those of faults come from the catalogue; the others are written here,
/// next to each other, so that a name means the same everywhere.
/// </summary>
internal static class ApiSchemas
{
    public const string Reference = "#/components/schemas/";

    /// <summary>All schemas by name.</summary>
    public static IEnumerable<(string Name, JsonObject Schema)> All()
    {
        foreach (var (name, schema) in Written)
            yield return (name, JsonNode.Parse(schema)!.AsObject());
        yield return ("Kind", new JsonObject
        {
            ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetValues<ProxyKind>().Select(kind => (JsonNode)kind.Name())]), ["default"] = ProxyKind.Tcp.Name(),
            ["description"] = "What the proxy understands of the traffic.",
        });
        yield return ("Target", Target.Schema());
        foreach (var kind in FaultCatalogue.Types)
            yield return (Attributes(kind.Type), WithoutDialect(kind.AttributesSchema));
        yield return ("ToxicRequest", WithAttributes(Base(Toxicity, ""), ["type"]));
        yield return ("FaultRequest", WithAttributes(Base(Toxicity, """
            "lease_ms": { "type": "number", "exclusiveMinimum": 0, "maximum": 86400000, "description": "Milliseconds after which it is removed unless it is renewed; none by default." },
            "target": { "$ref": "#/components/schemas/Target" },
            """), ["type"]));
    }

    private const string Toxicity = """{ "type": "number", "minimum": 0, "maximum": 1, "default": 1, "description": "Share of connections that it takes hold of." }""";

    private static readonly (string Name, string Schema)[] Written =
    [
        ("Error", """{ "type": "object", "required": ["error", "status"], "properties": { "error": { "type": "string" }, "status": { "type": "integer" }, "errors": { "type": "array", "items": { "type": "string" }, "description": "Each by itself, where there may be several." } } }"""),
        ("Version", """{ "type": "object", "required": ["version"], "properties": { "version": { "type": "string" } } }"""),
        ("Labels", """{ "type": "object", "additionalProperties": { "type": "string" } }"""),
        ("ProxyRequest", """
            { "type": "object", "required": ["name", "upstream"], "properties": {
              "name": { "type": "string", "minLength": 1, "description": "Unique; also the name of the link in the ledger." },
              "kind": { "$ref": "#/components/schemas/Kind" },
              "listen": { "type": "string", "default": "127.0.0.1:0", "description": "host:port; port 0 takes a free one." },
              "upstream": { "type": "string", "description": "host:port, or several with commas, which connections take in turn; host:port*3 takes three turns where others take one, *0 none." },
              "enabled": { "type": "boolean", "default": true },
              "region": { "type": "string", "description": "Label of its connections." },
              "labels": { "$ref": "#/components/schemas/Labels" },
              "tls": { "$ref": "#/components/schemas/ListenTls" },
              "upstream_tls": { "$ref": "#/components/schemas/UpstreamTls" },
              "toxics": { "type": "array", "items": { "$ref": "#/components/schemas/ToxicRequest" } },
              "faults": { "type": "array", "items": { "$ref": "#/components/schemas/FaultRequest" } } } }
            """),
        ("ProxyRequests", """{ "type": "array", "items": { "$ref": "#/components/schemas/ProxyRequest" } }"""),
        ("ProxyUpdate", """{ "type": "object", "properties": { "listen": { "type": "string" }, "upstream": { "type": "string" }, "enabled": { "type": "boolean" }, "tls": { "$ref": "#/components/schemas/ListenTls" }, "upstream_tls": { "$ref": "#/components/schemas/UpstreamTls" } } }"""),
        ("Upstream", """{ "type": "object", "required": ["upstream"], "additionalProperties": false, "properties": { "upstream": { "type": "string" } } }"""),
        ("ListenTls", """
            { "description": "TLS towards clients: true for a self-signed certificate, false for none.", "oneOf": [{ "type": "boolean" }, { "type": "object", "additionalProperties": false, "properties": {
              "certificate": { "type": "string", "description": "PEM file with the certificate and those that lead to its root." },
              "key": { "type": "string", "description": "PEM file with the private key, where it is not in the certificate's file." },
              "self_signed": { "type": "boolean", "description": "A certificate made at start, for localhost and the host that is listened on." } } }] }
            """),
        ("UpstreamTls", """
            { "description": "TLS towards upstreams: true for the defaults, false for none.", "oneOf": [{ "type": "boolean" }, { "type": "object", "additionalProperties": false, "properties": {
              "server_name": { "type": "string", "description": "Name to ask for and to expect in the certificate; the upstream's host by default." },
              "verify": { "type": "boolean", "default": true, "description": "Refuse a certificate that is not valid." },
              "ca": { "type": "string", "description": "PEM file with the roots to trust; those of the system by default." } } }] }
            """),
        ("ShownTls", """
            { "type": "object", "required": ["fingerprint", "not_after"], "properties": {
              "self_signed": { "type": "boolean" }, "certificate": { "type": "string" }, "key": { "type": "string" },
              "fingerprint": { "type": "string", "description": "SHA-256 of the certificate." }, "not_after": { "type": "string", "format": "date-time" },
              "pem": { "type": "string", "description": "The certificate, where it is self-signed, for clients that are to trust it." } } }
            """),
        ("Proxy", """
            { "type": "object", "required": ["name", "listen", "upstream", "enabled", "toxics"], "properties": {
              "name": { "type": "string" }, "listen": { "type": "string", "description": "Once it listens, with the port that it has." }, "upstream": { "type": "string" },
              "enabled": { "type": "boolean" }, "toxics": { "$ref": "#/components/schemas/Toxics" }, "kind": { "$ref": "#/components/schemas/Kind" },
              "tls": { "$ref": "#/components/schemas/ShownTls" }, "upstream_tls": { "$ref": "#/components/schemas/UpstreamTls" } } }
            """),
        ("ProxiesByName", """{ "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Proxy" } }"""),
        ("Populated", """
            { "type": "object", "required": ["proxies"], "properties": {
              "proxies": { "type": "array", "items": { "$ref": "#/components/schemas/Proxy" } }, "error": { "type": "string" }, "status": { "type": "integer" } } }
            """),
        ("WholeProxy", """
            { "type": "object", "required": ["name", "kind", "listen", "upstream", "enabled", "faults", "connections", "bytes_up", "bytes_down"], "properties": {
              "name": { "type": "string" }, "kind": { "$ref": "#/components/schemas/Kind" }, "listen": { "type": "string" }, "upstream": { "type": "string" }, "enabled": { "type": "boolean" },
              "region": { "type": "string" }, "labels": { "$ref": "#/components/schemas/Labels" }, "faults": { "$ref": "#/components/schemas/Faults" },
              "tls": { "$ref": "#/components/schemas/ShownTls" }, "upstream_tls": { "$ref": "#/components/schemas/UpstreamTls" },
              "connections": { "type": "integer", "description": "Open ones." }, "bytes_up": { "type": "integer", "description": "Delivered to upstreams." },
              "bytes_down": { "type": "integer", "description": "Delivered to clients." } } }
            """),
        ("WholeProxies", """{ "type": "array", "items": { "$ref": "#/components/schemas/WholeProxy" } }"""),
        ("Toxic", """
            { "type": "object", "required": ["attributes", "name", "type", "stream", "toxicity"], "properties": {
              "attributes": { "type": "object" }, "name": { "type": "string" }, "type": { "type": "string" },
              "stream": { "type": "string" }, "toxicity": { "type": "number" } } }
            """),
        ("Toxics", """{ "type": "array", "items": { "$ref": "#/components/schemas/Toxic" } }"""),
        ("ToxicUpdate", """{ "type": "object", "properties": { "attributes": { "type": "object", "description": "Those to change." }, "toxicity": { "type": "number", "minimum": 0, "maximum": 1 } } }"""),
        ("Fault", """
            { "allOf": [ { "$ref": "#/components/schemas/Toxic" }, { "type": "object", "required": ["proxy"], "properties": {
              "proxy": { "type": "string" }, "lease_ms": { "type": "number" }, "target": { "$ref": "#/components/schemas/Target" } } } ] }
            """),
        ("Faults", """{ "type": "array", "items": { "$ref": "#/components/schemas/Fault" } }"""),
        ("DryRun", """
            { "type": "object", "required": ["dry_run", "fault", "open", "would_hit", "share_of_new"], "properties": {
              "dry_run": { "type": "boolean" }, "fault": { "$ref": "#/components/schemas/Fault" }, "open": { "type": "integer", "description": "Open connections." },
              "would_hit": { "type": "array", "description": "Those that the fault would take hold of.", "items": { "$ref": "#/components/schemas/ConnectionName" } },
              "share_of_new": { "type": "number", "description": "Of those to come whose labels fit, before the caps." },
              "new_only_with": { "$ref": "#/components/schemas/Labels" }, "new_at_most": { "type": "integer" }, "at_once_at_most": { "type": "integer" } } }
            """),
        ("Renewed", """{ "type": "object", "required": ["renewed"], "properties": { "renewed": { "type": "array", "items": { "type": "string" } } } }"""),
        ("ConnectionName", """{ "type": "object", "required": ["conn", "labels"], "properties": { "conn": { "type": "integer", "description": "Ordinal on its link, from 1." }, "labels": { "$ref": "#/components/schemas/Labels" } } }"""),
        ("Connections", """
            { "type": "array", "items": { "allOf": [ { "$ref": "#/components/schemas/ConnectionName" }, { "type": "object",
              "required": ["since", "bytes_up", "bytes_down", "frames_up", "frames_down", "faults"], "properties": {
                "since": { "type": "string", "format": "date-time" }, "bytes_up": { "type": "integer" }, "bytes_down": { "type": "integer" },
                "frames_up": { "type": "integer" }, "frames_down": { "type": "integer" }, "faults": { "type": "array", "items": { "type": "string" } } } } ] } }
            """),
        ("LedgerEvents", """{ "type": "string", "description": "Server-sent events; the data of each is a line of the ledger." }"""),
        ("HaltRequest", """{ "type": "object", "properties": { "reason": { "type": "string" } } }"""),
        ("Halt", """{ "type": "object", "required": ["halted"], "properties": { "halted": { "type": "boolean" }, "since": { "type": "string", "format": "date-time" }, "reason": { "type": "string" } } }"""),
        ("Reloaded", """
            { "type": "object", "required": ["added", "replaced", "removed", "unchanged", "faults"], "properties": {
              "added": { "type": "array", "items": { "type": "string" } }, "replaced": { "type": "array", "items": { "type": "string" } },
              "removed": { "type": "array", "items": { "type": "string" } }, "unchanged": { "type": "array", "items": { "type": "string" } },
              "faults": { "type": "integer", "description": "Faults that were added, changed or removed on unchanged proxies." } } }
            """),
        ("Seed", """{ "type": "object", "required": ["seed"], "properties": { "seed": { "type": "integer", "format": "int64" } } }"""),
        ("Status", """
            { "type": "object", "required": ["version", "seed", "halt", "proxies", "connections", "faults", "ledger_dropped"], "properties": {
              "version": { "type": "string" }, "seed": { "type": "integer" }, "halt": { "$ref": "#/components/schemas/Halt" }, "proxies": { "type": "integer" },
              "connections": { "type": "integer" }, "faults": { "type": "integer" }, "ledger_dropped": { "type": "integer" } } }
            """),
        ("OpenApi", """{ "type": "object" }"""),
        ("Metrics", """{ "type": "string" }"""),
    ];

    private static string Attributes(string type) => $"Attributes.{type}";

    private static JsonObject Base(string toxicity, string more) => JsonNode.Parse($$"""
        { "type": "object", "properties": {
            "name": { "type": "string", "description": "Unique on its proxy; type_stream by default." },
            "stream": { "type": "string", "enum": ["upstream", "downstream", "both"], "default": "downstream", "description": "A toxic cannot have both." },
            {{more}}
            "toxicity": {{toxicity}} } }
        """)!.AsObject();

    // The type decides which attributes there are.
    private static JsonObject WithAttributes(JsonObject schema, string[] required)
    {
        schema["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        schema["oneOf"] = new JsonArray([.. FaultCatalogue.Types.Select(kind => (JsonNode)new JsonObject
        {
            ["title"] = kind.Type,
            ["description"] = kind.Summary,
            ["properties"] = new JsonObject
            {
                ["type"] = new JsonObject { ["const"] = kind.Type },
                ["attributes"] = new JsonObject { ["$ref"] = Reference + Attributes(kind.Type) },
            },
        })]);
        return schema;
    }

    private static JsonObject WithoutDialect(JsonObject schema)
    {
        var copy = schema.DeepClone().AsObject();
        copy.Remove("$schema");
        return copy;
    }
}
