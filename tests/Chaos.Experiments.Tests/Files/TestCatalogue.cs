using System.Text.Json.Nodes;
using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Nodes;
using Chaos.Experiments.Engine.Regions;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Tests.Files;

/// <summary>A small catalogue, so that messages in tests do not change with the real ones.</summary>
internal static class TestCatalogue
{
    private static readonly JsonObject Gateway = (JsonObject)JsonNode.Parse("""
        {"type":"object","additionalProperties":false,"properties":{
          "ping_interval_ms":{"type":"integer","minimum":100,"maximum":600000,"default":25000,"description":"Time between pings in milliseconds, 100 to 600,000."},
          "channels":{"type":"array","description":"Rules.","items":{"type":"object","required":["pattern"],"properties":{"pattern":{"type":"string","description":"Which channels."}}}},
          "limits":{"$ref":"#/$defs/limits"}},
         "$defs":{"limits":{"type":"object","additionalProperties":false,"description":"Limits.","properties":{"frame_bytes":{"type":"integer","description":"Largest frame in bytes."}}}}}
        """)!;

    public static readonly Catalogue Instance = new(
        [
            Fault("latency", "Delays.", LinkKind.Tcp, both: true, """
                {"type":"object","additionalProperties":false,"required":["latency"],"properties":{
                  "latency":{"type":"number","minimum":0,"maximum":600000,"description":"Delay in milliseconds, 0 to 600,000."},
                  "jitter":{"type":"number","minimum":0,"default":0,"description":"Milliseconds."},
                  "distribution":{"enum":["uniform","normal","pareto"],"default":"uniform","description":"Distribution of the jitter."}}}
                """),
            Fault("down", "Closes the listener and cuts what is open.", LinkKind.Tcp, both: false, """{"type":"object","additionalProperties":false,"properties":{}}"""),
            Fault("ws_handshake", "Refuses handshakes.", LinkKind.WebSocket, both: false, """
                {"type":"object","additionalProperties":false,"required":["status"],"properties":{
                  "status":{"type":"integer","minimum":400,"maximum":599,"description":"HTTP status, 400 to 599."}}}
                """),
            .. NodeFaultCatalogue.Types(Gateway),
            .. RegionFaultCatalogue.Types,
        ],
        [new MutantType("client.fixed-delay", "Waits the same time always."), new MutantType("client.no-delay", "Does not wait.")],
        [new ClientType("reference", "The reference client."), new ClientType("centrifuge-js", "npm centrifuge on Node.")],
        [
            new FakeCheck("connected", "Clients are connected.", """
                {"type":"object","properties":{"min_share":{"type":"number","minimum":0,"maximum":1,"default":0.99,"description":"Least share of clients, 0 to 1; 0.99 by default."}}}
                """),
            new FakeCheck("backoff_jitter", "Gaps follow the declared distribution.", """
                {"type":"object","required":["attempts"],"properties":{"attempts":{"type":"integer","minimum":1,"maximum":20,"description":"Attempts that are judged, 1 to 20."}}}
                """),
            new FakeCheck("latency", "Messages are in time.", """
                {"type":"object","properties":{"p95_ms":{"type":"number","minimum":0,"description":"Milliseconds."}}}
                """, ("p95_ms", BudgetKeys.P95)),
            new FakeCheck("no_loss", "Nothing is lost.", """{"type":"object","properties":{}}"""),
        ],
        Gateway);

    private static FaultType Fault(string type, string summary, LinkKind kind, bool both, string schema) =>
        new(type, summary, (JsonObject)JsonNode.Parse(schema)!, both ? new HashSet<LinkKind> { LinkKind.Tcp, LinkKind.WebSocket } : new HashSet<LinkKind> { kind });

    private sealed class FakeCheck(string name, string summary, string options, params (string Option, string Key)[] budgets) : ICheck
    {
        public string Name => name;

        public string Summary => summary;

        public bool IsTimed => false;

        public IReadOnlyDictionary<string, string> Budgets { get; } = budgets.ToDictionary(b => b.Option, b => b.Key);

        public JsonObject OptionsSchema { get; } = (JsonObject)JsonNode.Parse(options)!;

        public ExpectationResult Evaluate(CheckContext context) => throw new NotSupportedException("Files are read, not judged, here.");
    }
}
