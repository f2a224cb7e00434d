using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Load.Scripts;
using Chaos.Load.Tokens;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>Runs the protocol scripts of an experiment side by side, each on a connection of its own.</summary>
public static class ScriptBench
{
    /// <summary>Runs all scripts to their ends.</summary>
    public static Task RunAllAsync(ExperimentDefinition experiment, World world, ExperimentJournal journal, Clock clock, CancellationToken cancel)
    {
        var tokens = new TokenIssuer(world.Secrets.TokenSecret, Secrets.Issuer, Secrets.Audience, clock.Time);
        var runs = experiment.Scripts.Select(script =>
            new ScriptRunner(script.Name, world.ClientUrl(script.Link), script.Steps, script.Tokens, tokens,
                new AdminClient(world.DirectHttp(script.Link), world.Secrets.AdminToken), journal, clock).RunAsync(cancel));
        return Task.WhenAll(runs);
    }
}
