namespace Chaos.Experiments.Engine.Runs;

/// <summary>How many experiments may run at a time, and how many did while one of them ran.</summary>
/// <param name="count">How many may at first, 1 or more.</param>
internal sealed class Lanes(int count)
{
    // One may have been unlucky beside the busiest of them; a machine that is too slow has no room for the next one either.
    private const int Enough = 2;

    private readonly Lock _gate = new();
    private readonly HashSet<Stay> _running = [];
    private int _count = count;
    private int _hadNoRoom;

    /// <summary>How many may run at a time. Lanes are numbered from 0; one whose number is not below this takes nothing more.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>An experiment begins.</summary>
    public Stay Enter()
    {
        lock (_gate)
        {
            var stay = new Stay();
            _running.Add(stay);
            foreach (var each in _running) each.Most = Math.Max(each.Most, _running.Count);
            return stay;
        }
    }

    /// <summary>It has ended.</summary>
    public void Leave(Stay stay)
    {
        lock (_gate) _running.Remove(stay);
    }

    /// <summary>An experiment had no room. With the second, so many were too many: from then on half as many, and never none. What runs goes on.</summary>
    /// <param name="stay">Its time.</param>
    /// <returns>Whether fewer may run now.</returns>
    public bool HadNoRoom(Stay stay)
    {
        lock (_gate)
        {
            if (++_hadNoRoom < Enough) return false;
            var before = _count;
            (_count, _hadNoRoom) = (Math.Max(1, Math.Min(_count, stay.Most / 2)), 0);
            return _count < before;
        }
    }

    /// <summary>The time that one experiment takes. To be read after <see cref="Leave"/>.</summary>
    internal sealed class Stay
    {
        /// <summary>Most experiments that ran at once in it, itself among them.</summary>
        public int Most { get; set; }

        /// <summary>Whether another ran at any time of it.</summary>
        public bool HadCompany => Most > 1;
    }
}
