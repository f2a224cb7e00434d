using System.Globalization;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Load.Scripts;

namespace Chaos.Experiments.Rehearsals;

/// <summary>What became of an action.</summary>
/// <param name="Ok">Whether it could be carried out.</param>
/// <param name="Helped">Whether it took the cause's effect away.</param>
/// <param name="Text">What happened, in words.</param>
internal sealed record ActionOutcome(bool Ok, bool Helped, string Text);

/// <summary>Carries out the actions of a runbook in a running world, and undoes them.</summary>
/// <param name="world">The world.</param>
/// <param name="links">The links of its clients, one for each region.</param>
/// <param name="cause">What is wrong.</param>
/// <param name="hottest">The hottest channel; null without traffic.</param>
/// <param name="limited">Hears of a channel that is limited, and when it is no longer.</param>
internal sealed class RunbookHands(World world, IReadOnlyList<string> links, LiveCause cause, Func<string?> hottest, Action<string, bool> limited)
{
    private const int NoLimit = 1_000_000;

    private readonly Dictionary<RunbookAction, string> _limited = [];

    /// <summary>Carries one out.</summary>
    public Task<ActionOutcome> DoAsync(RunbookAction action, CancellationToken cancel) => TryAsync(() => action switch
    {
        RerouteAction a => RerouteAsync(a, cancel),
        SteerHomeAction a => SteerHomeAsync(a, cancel),
        RollbackAction a => RollBackAsync(a, cancel),
        LimitAction a => LimitAsync(a, cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action."),
    });

    /// <summary>Undoes one.</summary>
    public Task<ActionOutcome> UndoAsync(RunbookAction action, CancellationToken cancel) => TryAsync(() => action switch
    {
        RerouteAction a => ReturnAsync(a.Link, $"{a.Link} takes its first way again.", cancel),
        SteerHomeAction a => ReturnAsync(LiveCause.SteeringOf(a.Region), $"Steering does with {a.Region}'s clients what it did before.", cancel),
        RollbackAction a => ReturnAsync(a.Node, $"{a.Node} is as it was before it was rolled back.", cancel),
        LimitAction a => LiftAsync(a, cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action."),
    });

    private async Task<ActionOutcome> RerouteAsync(RerouteAction action, CancellationToken cancel) =>
        new(true, await cause.SpareAsync(action.Link, cancel).ConfigureAwait(false), $"{action.Link} takes its spare way.");

    private async Task<ActionOutcome> SteerHomeAsync(SteerHomeAction action, CancellationToken cancel)
    {
        var helped = await cause.SpareAsync(LiveCause.SteeringOf(action.Region), cancel).ConfigureAwait(false);
        return new ActionOutcome(true, helped, helped ? $"New connections of {action.Region}'s clients go to {action.Region} again." : $"{action.Region}'s clients were sent nowhere else; there is nothing to take back.");
    }

    private async Task<ActionOutcome> RollBackAsync(RollbackAction action, CancellationToken cancel)
    {
        var helped = await cause.SpareAsync(action.Node, cancel).ConfigureAwait(false);
        return new ActionOutcome(true, helped, helped ? $"{action.Node} was rolled back and drained." : $"{action.Node} runs the release that it had before; there is nothing to roll back.");
    }

    private async Task<ActionOutcome> ReturnAsync(string place, string text, CancellationToken cancel)
    {
        await cause.ReturnAsync(place, cancel).ConfigureAwait(false);
        return new ActionOutcome(true, false, text);
    }

    private async Task<ActionOutcome> LimitAsync(LimitAction action, CancellationToken cancel)
    {
        var channel = action.Channel == LimitAction.Hottest ? hottest() : action.Channel;
        if (channel is null) return new ActionOutcome(false, false, "No channel has traffic, so there is none to limit.");
        await CallAsync(channel, action.PerSecond, action.For, cancel).ConfigureAwait(false);
        _limited[action] = channel;
        limited(channel, true);
        return new ActionOutcome(true, channel == cause.FloodedChannel, string.Create(CultureInfo.InvariantCulture, $"{channel} is limited to {action.PerSecond} publishes a second for {action.For.TotalSeconds:0} s."));
    }

    private async Task<ActionOutcome> LiftAsync(LimitAction action, CancellationToken cancel)
    {
        var channel = _limited[action];
        await CallAsync(channel, NoLimit, TimeSpan.FromMilliseconds(1), cancel).ConfigureAwait(false);
        limited(channel, false);
        return new ActionOutcome(true, false, $"The limit on {channel} is lifted.");
    }

    private async Task CallAsync(string channel, int perSecond, TimeSpan time, CancellationToken cancel)
    {
        // Each region has a store of its own, and a limit is known where it is kept.
        foreach (var link in links) await new AdminClient(world.DirectHttp(link), world.Secrets.AdminToken).LimitAsync(channel, perSecond, time, cancel).ConfigureAwait(false);
    }

    // What the system refuses is part of the rehearsal, and the person is told.
    private static async Task<ActionOutcome> TryAsync(Func<Task<ActionOutcome>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or Engine.Processes.WorldException)
        {
            return new ActionOutcome(false, false, $"It could not be done: {e.Message}");
        }
    }
}
