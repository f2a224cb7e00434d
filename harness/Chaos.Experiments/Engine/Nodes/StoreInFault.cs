using System.Text.Json.Nodes;
using Chaos.Experiments.Engine.Processes;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>A store in the hands of a fault: its server, process or container, is acted on by the part of the world that runs it.</summary>
internal sealed class StoreInFault(World world, string store, string fault, int occurrence, IJournal journal, Clock clock)
{
    /// <summary>A container is started and stopped by its engine, which takes its time.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private bool _paused;

    /// <summary>Lets it stand still.</summary>
    public async Task PauseAsync(CancellationToken cancel)
    {
        var connections = await world.ConnectionsToAsync(store, cancel).ConfigureAwait(false);
        _paused = true;
        await AskAsync("pause", [], cancel).ConfigureAwait(false);
        journal.Write(new NodeHeld(fault, occurrence, store, Part.Name, "paused", connections) { At = clock.NowUs });
    }

    /// <summary>Lets it go on, if it stands still.</summary>
    public async Task ResumeAsync(CancellationToken cancel)
    {
        if (!_paused) return;
        _paused = false;
        await AskAsync("resume", [], cancel).ConfigureAwait(false);
    }

    /// <summary>Ends it.</summary>
    /// <param name="atOnce">As <c>kill -9</c> does; otherwise it may close its connections.</param>
    /// <param name="cancel">Cancels the wait for it.</param>
    public async Task EndAsync(bool atOnce, CancellationToken cancel)
    {
        var connections = await world.ConnectionsToAsync(store, cancel).ConfigureAwait(false);
        var told = clock.NowUs;
        await AskAsync("end", new JsonObject { ["at_once"] = atOnce }, cancel).ConfigureAwait(false);
        journal.Write(new NodeLeft(fault, occurrence, store, Part.Name, atOnce ? "killed" : "stopped", connections, connections, told, 0) { At = clock.NowUs });
    }

    /// <summary>Starts it again, with what it had; it may be at another address.</summary>
    public async Task StartAgainAsync(CancellationToken cancel)
    {
        var answer = await AskAsync("start", [], cancel).ConfigureAwait(false);
        await world.StoreMovedAsync(store, (string)answer["address"]!, cancel).ConfigureAwait(false);
    }

    private Part Part => world.Store(store);

    private Task<JsonObject> AskAsync(string what, JsonObject how, CancellationToken cancel) => Part.AskAsync(what, how, AnswerLimit, cancel);
}
