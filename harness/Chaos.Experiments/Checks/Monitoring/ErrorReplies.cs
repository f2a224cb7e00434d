using System.Globalization;
using System.Text.Json.Nodes;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Monitoring;

/// <summary>Replies of the gateway as clients and scripts got them.</summary>
internal static class ErrorReplies
{
    /// <summary>Errors, by endpoint and code. A script tells the endpoint by the command whose id the error has.</summary>
    public static IEnumerable<Seen> Of(CheckContext context)
    {
        foreach (var e in context.Events.OfType<ClientPublishFailed>().Where(e => e.Code is >= 100 and < 1000))
            yield return new Seen(e.At, $"publish {e.Code.ToString(CultureInfo.InvariantCulture)}", 1);
        foreach (var script in context.Definition.Scripts)
        {
            var methods = Methods(script);
            foreach (var (at, on, reply) in Replies(context, script))
            {
                if (reply["error"]?["code"] is JsonValue code && reply["id"] is JsonValue id)
                    yield return new Seen(at, $"{methods.GetValueOrDefault((on, id.ToJsonString())) ?? "unknown"} {code.ToJsonString()}", 1);
            }
        }
    }

    /// <summary>Connect replies that scripts got.</summary>
    public static IEnumerable<Seen> ConnectReplies(CheckContext context) =>
        context.Definition.Scripts.SelectMany(script => Replies(context, script)).Where(r => r.Reply["connect"] is JsonObject).Select(r => new Seen(r.At, "", 1));

    private static IEnumerable<(long At, string On, JsonObject Reply)> Replies(CheckContext context, ScriptDefinition script) =>
        from step in context.Events.OfType<ScriptStep>().Where(s => s.Script == script.Name && script.Steps[s.Step].Admin is null)
        from reply in ScriptMessages.Of(step).OfType<JsonObject>()
        select (step.At, script.Steps[step.Step].On ?? "", reply);

    private static Dictionary<(string On, string Id), string> Methods(ScriptDefinition script)
    {
        var methods = new Dictionary<(string On, string Id), string>();
        foreach (var step in script.Steps)
        {
            foreach (var command in (step.Send ?? []).OfType<JsonObject>())
            {
                if (command["id"] is { } id && command.FirstOrDefault(m => m.Key != "id").Key is { } method) methods[(step.On ?? "", id.ToJsonString())] = method;
            }
        }

        return methods;
    }
}
