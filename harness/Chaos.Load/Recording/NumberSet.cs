namespace Chaos.Load.Recording;

/// <summary>A set of counters from 1 that mostly arrive in order: memory grows with its holes, not with its size. Not thread-safe.</summary>
internal sealed class NumberSet
{
    private readonly HashSet<long> _beyond = [];

    /// <summary>Every number from 1 to this is in the set.</summary>
    public long Upto { get; private set; }

    /// <summary>The largest number in the set; 0 when it is empty.</summary>
    public long Max { get; private set; }

    /// <summary>How many numbers are in the set.</summary>
    public long Count => Upto + _beyond.Count;

    /// <summary>Adds a number of at least 1; false when it was there already.</summary>
    public bool Add(long number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        if (Contains(number)) return false;
        Max = Math.Max(Max, number);
        _beyond.Add(number);
        while (_beyond.Remove(Upto + 1)) Upto++;
        return true;
    }

    public bool Contains(long number) => number <= Upto || _beyond.Contains(number);

    /// <summary>True when every number of <paramref name="other"/> is in this set too.</summary>
    public bool Includes(NumberSnapshot other)
    {
        for (var number = Upto + 1; number <= other.Upto; number++)
            if (!_beyond.Contains(number)) return false;
        return Array.TrueForAll(other.Beyond, Contains);
    }

    public NumberSnapshot Snapshot() => new(Upto, _beyond.Count == 0 ? [] : [.. _beyond]);
}

/// <summary>A copy of a set at one moment: 1 to <paramref name="Upto"/>, and <paramref name="Beyond"/>.</summary>
internal readonly record struct NumberSnapshot(long Upto, long[] Beyond);
