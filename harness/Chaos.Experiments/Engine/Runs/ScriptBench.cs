using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Load.Scripts;
using Chaos.Load.Tokens;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>Runs the protocol scripts of an experiment side by side, each on connections of its own.</summary>
public static class ScriptBench
{
    /// <summary>Runs all scripts to their ends; one that says after which it comes waits for that one.</summary>
    public static Task RunAllAsync(ExperimentDefinition experiment, World world, ExperimentJournal journal, Clock clock, CancellationToken cancel)
    {
        var tokens = new TokenIssuer(world.Secrets.TokenSecret, Secrets.Issuer, Secrets.Audience, clock.Time);
        var running = new Dictionary<string, Task>(StringComparer.Ordinal);
        // A script comes after one that stands above it in the file, so that is running already.
        foreach (var script in experiment.Scripts) running[script.Name] = RunAsync(script, script.After is { } first ? running[first] : Task.CompletedTask);
        return Task.WhenAll(running.Values);

        async Task RunAsync(ScriptDefinition script, Task before)
        {
            await before.ConfigureAwait(false);
            var admin = new AdminClient(world.DirectHttp(script.Link), world.Secrets.AdminToken);
            await new ScriptRunner(script.Name, link => world.ClientUrl(link ?? script.Link), script.Steps, script.Tokens, tokens, admin, journal, clock)
                .RunAsync(cancel).ConfigureAwait(false);
        }
    }
}
