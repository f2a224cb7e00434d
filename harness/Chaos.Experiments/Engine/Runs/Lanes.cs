namespace Chaos.Experiments.Engine.Runs;

/// <summary>How many experiments may run at a time, and how many did while one of them ran.</summary>
/// <param name="count">How many may at first, 1 or more.</param>
internal sealed class Lanes(int count)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Stay> _running = [];
    private int _count = count;

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

    /// <summary>So many were too many: from now on half as many, and never none. What runs goes on.</summary>
    /// <param name="stay">The time of an experiment that had no room.</param>
    /// <returns>False where there are so few already.</returns>
    public bool Halve(Stay stay)
    {
        lock (_gate)
        {
            var before = _count;
            _count = Math.Max(1, Math.Min(_count, stay.Most / 2));
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
