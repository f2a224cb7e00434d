using System.Threading.Channels;

namespace Chaos.Experiments.Rehearsals;

/// <summary>Where whoever goes through the runbook sits: sees what is shown, and speaks.</summary>
public interface IRehearsalSeat
{
    /// <summary>Something to see.</summary>
    void Show(string text, ShownAs shown);

    /// <summary>A step to see.</summary>
    void ShowStep(int step);

    /// <summary>What is said; null where nobody sits.</summary>
    ChannelReader<RehearsalCommand>? Commands { get; }

    /// <summary>The rehearsal has handled something; the answer is what is said about it.</summary>
    IReadOnlyList<RehearsalCommand> Hear(RehearsalInput input, Rehearsal rehearsal);
}

/// <summary>The harness itself in the seat.</summary>
/// <param name="follower">Follows the runbook; null for nobody, who does nothing.</param>
/// <param name="show">Where to tell what it does.</param>
public sealed class AutoSeat(AutoFollower? follower, Action<string> show) : IRehearsalSeat
{
    /// <inheritdoc />
    public ChannelReader<RehearsalCommand>? Commands => null;

    /// <inheritdoc />
    public void Show(string text, ShownAs shown) => show(text);

    /// <inheritdoc />
    public void ShowStep(int step)
    {
        // Whoever reads along sees what its probe says.
    }

    /// <inheritdoc />
    public IReadOnlyList<RehearsalCommand> Hear(RehearsalInput input, Rehearsal rehearsal) => follower?.Hear(input, rehearsal) ?? [];
}
