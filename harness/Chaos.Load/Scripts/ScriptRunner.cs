using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Load.Tokens;

namespace Chaos.Load.Scripts;

/// <summary>
/// Runs a script on raw connections of its own and writes a script.step event for each step. Pings are answered, and left out
/// of what is recorded, unless a step expects an empty object. A step that fails does not end the script: what follows is evidence too.
/// </summary>
/// <param name="name">Name of the script; also the label <c>client</c> of its connection main, and the first part of that of the others.</param>
/// <param name="url">Address to connect to, such as <c>ws://127.0.0.1:4000/connection/websocket</c>, through the link that a step names; null for the script's own.</param>
/// <param name="steps">What is sent and expected, in order.</param>
/// <param name="tokens">Tokens that steps may use as <c>$name</c>; issued when the script starts.</param>
/// <param name="issuer">Issues the tokens.</param>
/// <param name="admin">Serves steps that publish or call the admin API.</param>
/// <param name="journal">Where events go.</param>
/// <param name="clock">The run's clock.</param>
public sealed class ScriptRunner(string name, Func<string?, Uri> url, IReadOnlyList<ScriptStepDefinition> steps, IReadOnlyDictionary<string, ScriptToken> tokens,
    TokenIssuer issuer, AdminClient admin, IJournal journal, Clock clock)
{
    /// <summary>Runs the script once.</summary>
    /// <returns>True when every step went as expected.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the steps until then are in the journal.</exception>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var variables = new ScriptVariables();
        foreach (var token in tokens) variables.AddToken(token.Key, issuer.Issue(token.Value));
        await using var connections = new ScriptConnections(name, url, clock.Time);
        var actions = new ScriptActions(name, connections, variables, admin, clock.Time);
        var matched = true;
        for (var index = 0; index < steps.Count; index++)
        {
            var step = steps[index];
            var began = clock.NowUs;
            var received = new List<string>();
            var ok = await actions.RunAsync(step, index, received, cancel).ConfigureAwait(false);
            matched &= ok;
            var now = clock.NowUs;
            var on = step.On ?? ScriptConnections.Main;
            var sent = ScriptWords.Sent(step);
            journal.Write(new ScriptStep(name, index, step.On is null || sent is null ? sent : $"({on}) {sent}", ScriptWords.Expected(step, variables), [.. received],
                connections.Find(on)?.CloseCode, (now - began) / 1000.0, ok) { At = now });
            // A marker that was never published would make the silence after it worthless.
            if (!ok && step.PublishTo is not null)
                journal.Write(new HarnessFailed($"script {name}", $"Step {index} could not publish to {step.PublishTo}: {string.Join(' ', received)}") { At = now });
        }

        return matched;
    }
}
