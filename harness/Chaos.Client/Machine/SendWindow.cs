using Chaos.Client.Parts;

namespace Chaos.Client.Machine;

/// <summary>How many publishes may be under way at a time, and when. There is no limit until the gateway refuses one for now.</summary>
internal sealed class SendWindow(IPacing pacing)
{
    private int _size = int.MaxValue;
    private int _refusals;

    /// <summary>Shut until then.</summary>
    public TimeSpan ShutUntil { get; private set; }

    public bool Admits(int underWay, TimeSpan now) => underWay < _size && now >= ShutUntil;

    /// <summary>One was refused for now. Others that are refused while it is shut do not count once more.</summary>
    /// <param name="now">The time.</param>
    /// <param name="delayMs">How long to wait after so many refusals in a row before, from 0.</param>
    public void Refused(TimeSpan now, Func<int, double> delayMs)
    {
        _size = pacing.AfterRefusal;
        if (now >= ShutUntil) ShutUntil = now + TimeSpan.FromMilliseconds(delayMs(_refusals++));
    }

    public void Acknowledged()
    {
        _refusals = 0;
        _size = pacing.AfterAcknowledgement(_size);
    }

    /// <summary>Another connection, perhaps to another node: nothing is known about it.</summary>
    public void Reconnected() => ShutUntil = TimeSpan.Zero;
}
