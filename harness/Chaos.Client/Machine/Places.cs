namespace Chaos.Client.Machine;

/// <summary>Where one client connects to: the nearest region, or away from it and on the lookout to come back.</summary>
internal sealed class Places(Surroundings around)
{
    private int _failures;

    /// <summary>Index of the region, 0 for the nearest.</summary>
    public int Current { get; private set; }

    /// <summary>When to look whether the nearest can be reached; <see cref="TimeSpan.MaxValue"/> while there.</summary>
    public TimeSpan Due { get; private set; } = TimeSpan.MaxValue;

    private int Count => 1 + around.Options.Elsewhere.Count;

    /// <summary>The connect reply arrived.</summary>
    public void Connected(TimeSpan now)
    {
        _failures = 0;
        Schedule(now);
    }

    /// <summary>An attempt failed, or a connection was lost.</summary>
    public void Lost(bool wasConnected)
    {
        Due = TimeSpan.MaxValue;
        if (Count == 1 || wasConnected)
            return;
        var next = around.Parts.RegionChoice.Next(Current, ++_failures, Count, around.Options.Policy);
        if (next == Current)
            return;
        (Current, _failures) = (next, 0);
    }

    /// <summary>Time has passed: it is time to look.</summary>
    public bool IsDue(TimeSpan now)
    {
        if (now < Due)
            return false;
        Due = TimeSpan.MaxValue;
        return true;
    }

    /// <summary>The nearest region could not be reached: looks again later.</summary>
    public void Stay(TimeSpan now) => Schedule(now);

    /// <summary>The nearest region can be reached: the next attempt goes there.</summary>
    public void Return() => (Current, _failures, Due) = (0, 0, TimeSpan.MaxValue);

    private void Schedule(TimeSpan now) => Due = Current > 0 && around.Parts.RegionChoice.ReturnMs(around.Options.Policy, around.Jitter) is { } ms
        ? now + TimeSpan.FromMilliseconds(ms)
        : TimeSpan.MaxValue;
}
