using System.Collections.Concurrent;
using Chaos.Live.State;
using Chaos.Proxy.Client;

namespace Chaos.Live.Hosting;

/// <summary>Whether the page has its button.</summary>
/// <param name="Can">It can be pressed.</param>
/// <param name="Why">Why it cannot.</param>
/// <param name="Pressed">It was.</param>
internal sealed record HaltButtonView(bool Can, string? Why, bool Pressed);

/// <summary>What became of pressing it.</summary>
/// <param name="Halted">Proxies that have let go of every fault and take no new one.</param>
/// <param name="Problems">What went wrong, a sentence for each proxy.</param>
internal sealed record HaltAnswer(int Halted, IReadOnlyList<string> Problems);

/// <summary>
/// Removes every fault and has no new ones: presses the stop button of every proxy that the journal says is running, and of those that start after it.
/// The engine hears of it from the proxy's ledger, like anybody else, and ends the run.
/// </summary>
internal sealed class HaltButton
{
    /// <summary>A run that has written nothing for this long has ended in some way, and its faults with their leases.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private const string Reason = "from the live page";

    private readonly ConcurrentBag<Task> _late = [];
    private volatile bool _pressed;

    /// <summary>Whether it can be pressed.</summary>
    /// <param name="state">What the journal says.</param>
    /// <param name="ageMs">How long ago it was written to.</param>
    public HaltButtonView View(LiveState state, long ageMs)
    {
        var why = WhyNot(state, ageMs);
        return new HaltButtonView(why is null, why, _pressed);
    }

    /// <summary>Presses it.</summary>
    public async Task<HaltAnswer> PressAsync(LiveState state, CancellationToken cancel)
    {
        _pressed = true;
        var answers = await Task.WhenAll(state.Control.Select(address => HaltAsync(address, cancel))).ConfigureAwait(false);
        return new HaltAnswer(answers.Count(a => a is null), [.. answers.OfType<string>()]);
    }

    /// <summary>A proxy has started.</summary>
    public void Appeared(string address)
    {
        if (_pressed) _late.Add(HaltAsync(address, CancellationToken.None));
    }

    private static string? WhyNot(LiveState state, long ageMs) =>
        state.Run is null ? "Nothing to halt yet."
        : state.Run.Outcome is not null ? "Nothing to halt: the run has ended."
        : ageMs > Silence.TotalMilliseconds ? "Nothing to halt: the run is gone, and its faults with it."
        : null;

    /// <summary>Presses that of one proxy; null when it did, otherwise what went wrong.</summary>
    private static async Task<string?> HaltAsync(string address, CancellationToken cancel)
    {
        var uri = new Uri(address);
        if (!uri.IsLoopback) return $"The proxy at {address} is not on this machine: press its own stop button there.";
        using var proxy = new ControlClient(uri);
        try
        {
            await proxy.HaltAsync(Reason, cancel).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is ControlException or HttpRequestException or TaskCanceledException)
        {
            return $"The proxy at {address} was not halted: {e.Message}";
        }
    }
}
