namespace Chaos.Proxy.Faults;

/// <summary>Which items of a sequence are lost.</summary>
internal abstract record LossProcess
{
    public abstract bool IsLost(StreamKey key, long item);

    /// <summary>Probability that a retransmission is lost too: the long-run loss rate, as it is sent later.</summary>
    public abstract double RepeatProbability { get; }
}

/// <summary>Items are lost with probability p; with a correlation, an item shares the fate of the one before it.</summary>
internal sealed record IndependentLoss(double P, double Correlation) : LossProcess
{
    public override double RepeatProbability => P;

    public override bool IsLost(StreamKey key, long item) => StickyUnit.At(key, item, Correlation) < P;
}

/// <summary>
/// Two states with their own loss rates: bursts. Sources: E. N. Gilbert (1960), E. O. Elliott (1963). The state of an
/// item needs no memory: one walks back to the last draw that leads to the same state from either one (coupling from
/// the past), at most to the first item, which has the stationary distribution.
/// </summary>
internal sealed record GilbertElliottLoss(double P, double R, double LossBad, double LossGood) : LossProcess
{
    public double ShareBad => P + R > 0 ? P / (P + R) : 0;

    public override double RepeatProbability => ShareBad * LossBad + (1 - ShareBad) * LossGood;

    public override bool IsLost(StreamKey key, long item)
    {
        var stream = key.At(item);
        stream.NextUnit();
        return stream.NextUnit() < (IsBad(key, item) ? LossBad : LossGood);
    }

    public bool IsBad(StreamKey key, long item)
    {
        // A draw u leads from good to bad where u < P, and from bad to bad where u < 1-R.
        var low = Math.Min(P, 1 - R);
        var high = Math.Max(P, 1 - R);
        var flips = P > 1 - R;
        var flipped = false;
        for (var n = item; ; n--)
        {
            var unit = key.At(n).NextUnit();
            bool bad;
            if (n == 0) bad = unit < ShareBad;
            else if (unit < low) bad = true;
            else if (unit >= high) bad = false;
            else
            {
                // Between the two the state is kept (P < 1-R) or turned (P > 1-R).
                flipped ^= flips;
                continue;
            }
            return bad ^ flipped;
        }
    }
}
