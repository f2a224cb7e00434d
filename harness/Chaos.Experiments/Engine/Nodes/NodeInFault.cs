using System.Text.Json.Nodes;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Engine.Processes;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Load.Scripts;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>A gateway node in the hands of a fault: what can be done to it. Whatever makes a process leave is recorded.</summary>
internal sealed class NodeInFault(World world, string node, string fault, int occurrence, IJournal journal, Clock clock)
{
    /// <summary>How long a drain may go on beyond the window that the gateway named.</summary>
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>How a connect ends after its token was looked at, as the gateway's metric says it.</summary>
    private static readonly string[] ByToken = ["connected", "expired", "invalid_token", "revoked"];

    private ProcessHold? _hold;
    private long _judgedBefore;

    /// <summary>Name of the node, such as <c>eu.gateway-2</c>.</summary>
    public string Name => node;

    /// <summary>Name of the fault.</summary>
    public string Fault => fault;

    /// <summary>The process that is this node now.</summary>
    public Part Process => world.Pool(node).Process(node);

    /// <summary>Starts another process and makes it this node; whatever was the node before goes on with the connections it has.</summary>
    /// <param name="name">Name of the part.</param>
    /// <param name="settings">Settings that differ from the experiment's.</param>
    /// <param name="weight">Turns of the clients' new connections.</param>
    /// <param name="cancel">Ends the start, and the process.</param>
    /// <exception cref="WorldException">It did not start.</exception>
    public async Task PutAsync(string name, JsonObject? settings, int weight, CancellationToken cancel)
    {
        var next = await world.StartGatewayAsync(node, name, settings, cancel).ConfigureAwait(false);
        await world.Pool(node).RouteAsync(node, next, weight, cancel).ConfigureAwait(false);
    }

    /// <summary>Makes the node what it was before: an ordinary process under its own name.</summary>
    /// <exception cref="WorldException">It did not start.</exception>
    public Task PutBackAsync(CancellationToken cancel) => PutAsync(node, null, GatewayPool.FullWeight, cancel);

    /// <summary>Gives the node so many turns of the clients' new connections.</summary>
    public Task RouteAsync(int weight, CancellationToken cancel) => world.Pool(node).RouteAsync(node, Process, weight, cancel);

    /// <summary>Tells a process to send its sessions away, waits until they have left, and stops it.</summary>
    /// <exception cref="HttpRequestException">It refused to drain, or does not answer.</exception>
    public async Task DrainAsync(Part process, CancellationToken cancel)
    {
        var sessions = await SessionsAsync(process, cancel).ConfigureAwait(false);
        var told = clock.NowUs;
        var window = await new AdminClient(process.Address, world.Secrets.AdminToken).DrainAsync(cancel).ConfigureAwait(false);
        var deadline = told + (long)(window + DrainPatience).TotalMicroseconds;
        var left = sessions;
        while (left > 0 && clock.NowUs < deadline)
        {
            await Task.Delay(DrainPoll, clock.Time, cancel).ConfigureAwait(false);
            left = await SessionsAsync(process, cancel).ConfigureAwait(false);
        }

        await world.EndAsync(process).ConfigureAwait(false);
        Left(process, "drained", sessions, left, told, window);
    }

    /// <summary>Ends the process.</summary>
    /// <param name="atOnce">As <c>kill -9</c> does; otherwise it may close its connections.</param>
    /// <param name="cancel">Cancels it, before it has begun.</param>
    public async Task EndAsync(bool atOnce, CancellationToken cancel)
    {
        var (process, sessions, told) = (Process, await SessionsAsync(Process, cancel).ConfigureAwait(false), clock.NowUs);
        if (atOnce) process.Kill();
        await world.EndAsync(process).ConfigureAwait(false);
        Left(process, atOnce ? "killed" : "stopped", sessions, sessions, told, TimeSpan.Zero);
    }

    /// <summary>Keeps the process from running until <see cref="LetGoAsync"/>.</summary>
    /// <param name="how">As the journal says it: "paused" or "throttled".</param>
    /// <param name="hold">Holds the process of an id.</param>
    /// <param name="cancel">Cancels it.</param>
    public async Task HoldAsync(string how, Func<int, CancellationToken, Task<ProcessHold>> hold, CancellationToken cancel)
    {
        var sessions = await SessionsAsync(Process, cancel).ConfigureAwait(false);
        _hold = await hold(Process.Pid, cancel).ConfigureAwait(false);
        journal.Write(new NodeHeld(fault, occurrence, node, Process.Name, how, sessions) { At = clock.NowUs });
    }

    /// <summary>Lets the process run again, if it is held.</summary>
    public async Task LetGoAsync()
    {
        if (Interlocked.Exchange(ref _hold, null) is { } hold) await hold.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Sets the process's wall clock; 0 sets it right.</summary>
    /// <exception cref="WorldException">It did not answer.</exception>
    public async Task SkewAsync(TimeSpan offset, CancellationToken cancel)
    {
        var process = Process;
        // Counted before it is right again, so that nothing counts that was decided afterwards.
        var judged = offset == TimeSpan.Zero ? await JudgedAsync(process, cancel).ConfigureAwait(false) - _judgedBefore : 0;
        await process.AskAsync("clock", new JsonObject { ["offset_ms"] = offset.TotalMilliseconds }, AnswerLimit, cancel).ConfigureAwait(false);
        if (offset != TimeSpan.Zero) _judgedBefore = await JudgedAsync(process, cancel).ConfigureAwait(false);
        var sessions = await SessionsAsync(process, cancel).ConfigureAwait(false);
        journal.Write(new NodeClock(fault, occurrence, node, process.Name, offset.TotalMilliseconds, sessions, judged) { At = clock.NowUs });
    }

    /// <summary>Waits.</summary>
    public Task DelayAsync(TimeSpan time, CancellationToken cancel) => Task.Delay(time, clock.Time, cancel);

    private void Left(Part process, string how, int sessions, int left, long toldAt, TimeSpan window) =>
        journal.Write(new NodeLeft(fault, occurrence, node, process.Name, how, sessions, left, toldAt, (int)window.TotalMilliseconds) { At = clock.NowUs });

    /// <summary>Connects whose token it has looked at so far.</summary>
    private async Task<long> JudgedAsync(Part process, CancellationToken cancel) =>
        (long)Metrics.Values(await world.MetricsAsync(process, cancel).ConfigureAwait(false), "chaos_connections_total").Where(v => ByToken.Contains(v.Labels.GetValueOrDefault("outcome") ?? "")).Sum(v => v.Value);

    private async Task<int> SessionsAsync(Part process, CancellationToken cancel) =>
        (int)(await world.MetricsAsync(process, cancel).ConfigureAwait(false)).GetValueOrDefault("chaos_connections_active");
}
