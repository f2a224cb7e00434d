using Chaos.Client.Parts;
using Chaos.Client.Randomness;

namespace Chaos.Client.Machine;

/// <summary>What every piece of one machine shares. Random streams are made when first drawn from: most of a million simulated
/// clients never need the second.</summary>
internal sealed class Surroundings(ClientOptions options, ClientParts parts, IClientActions actions, IClientObserver observer)
{
    private Random? _backoff;
    private Random? _jitter;

    public ClientOptions Options { get; } = options;

    public ClientParts Parts { get; } = parts;

    public IClientActions Actions { get; } = actions;

    public IClientObserver Observer { get; } = observer;

    public Wire Wire { get; } = new(actions);

    /// <summary>Draws of the reconnect backoff, apart from all others so that they depend on the sequence of losses alone.</summary>
    public Random Backoff => _backoff ??= SeedTree.Stream(Options.Seed, Options.Name, "backoff");

    /// <summary>Draws of every other delay.</summary>
    public Random Jitter => _jitter ??= SeedTree.Stream(Options.Seed, Options.Name, "jitter");

    /// <summary>Full jitter on the policy's bounds, for repeats within a connection.</summary>
    public TimeSpan RetryDelay(int tries) => TimeSpan.FromMilliseconds(Jitter.NextDouble() * Options.Policy.UpperBoundMs(tries));

    /// <summary>When to replace what lives for <paramref name="ttlSeconds"/>: after 65 to 75 % of it, spread so that clients which
    /// connected together do not all refresh together.</summary>
    public TimeSpan RefreshAfter(double ttlSeconds) => TimeSpan.FromSeconds(ttlSeconds * (0.65 + (0.1 * Jitter.NextDouble())));
}
