using System.Text.Json.Nodes;
using Chaos.Gateway.Admin;
using static System.Text.Json.JsonSerializer;

namespace Chaos.Mutants.Gateways;

/// <summary>Gateways whose audit log does not say what happened.</summary>
internal static class BrokenAudit
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        Log("gateway.audit-after-act", "Writes down what was done once it is done: an act that fails, or kills the node, leaves no trace.", reference => new AfterTheAct(reference)),
        Log("gateway.refusals-unaudited", "Writes down only what it allowed.", reference => new AllowedOnly(reference)),
        Log("gateway.audit-edited", "Lets somebody rewrite an entry of the log.", reference => new Edited(reference)),
        Log("gateway.resume-refusals-unaudited", "Keeps quiet about tokens that were stolen or tampered with.", reference => new CallsOnly(reference)),
    ];

    private static GatewayMutant Log(string name, string summary, Func<IAuditLog, IAuditLog> wrap) =>
        new(name, summary, services => services.Wrap<IAuditLog, AuditLog>(wrap));

    private static string? Decision(object details) => (string?)SerializeToNode(details)?["decision"];

    private abstract class Wrapper(IAuditLog reference) : IAuditLog
    {
        public virtual void Write(string actor, string action, object details) => reference.Write(actor, action, details);

        public virtual IReadOnlyList<JsonObject> Read() => reference.Read();
    }

    /// <summary>An entry waits until the next one shows that its act did not fail.</summary>
    private sealed class AfterTheAct(IAuditLog reference) : Wrapper(reference)
    {
        private readonly Lock _lock = new();
        private (string Actor, string Action, object Details)? _waiting;

        public override void Write(string actor, string action, object details)
        {
            lock (_lock)
            {
                var failed = Decision(details) == "failed";
                if (_waiting is { } done && !failed) base.Write(done.Actor, done.Action, done.Details);
                _waiting = failed ? null : (actor, action, details);
            }
        }
    }

    private sealed class AllowedOnly(IAuditLog reference) : Wrapper(reference)
    {
        public override void Write(string actor, string action, object details)
        {
            if (Decision(details) != "refused") base.Write(actor, action, details);
        }
    }

    private sealed class CallsOnly(IAuditLog reference) : Wrapper(reference)
    {
        public override void Write(string actor, string action, object details)
        {
            if (action != "resume.refused") base.Write(actor, action, details);
        }
    }

    private sealed class Edited(IAuditLog reference) : Wrapper(reference)
    {
        public override IReadOnlyList<JsonObject> Read()
        {
            var entries = base.Read();
            foreach (var entry in entries.Where(e => (string?)e["action"] == "POST /admin/revoke")) entry["actor"] = "admin@203.0.113.7";
            return entries;
        }
    }
}
