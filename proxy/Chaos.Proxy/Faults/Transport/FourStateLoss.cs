namespace Chaos.Proxy.Faults;

/// <summary>
/// netem's four-state Markov chain: received, received within a burst of losses, lost within a burst, lost alone. Source:
/// S. Salsano et al., "Definition of a general and intuitive loss model for packet networks and its implementation in the
/// Netem module in the Linux kernel" (2012). As with two states, the state of an item needs no memory: one walks back
/// until every state leads to the same one (coupling from the past), at most to the first item.
/// </summary>
internal sealed record FourStateLoss(double P13, double P31, double P32, double P23, double P14) : LossProcess
{
    private const int Received = 0;
    private const int BurstReceived = 1;
    private const int BurstLost = 2;
    private const int LostAlone = 3;
    private const int States = 4;

    private readonly double[] _stationary = Stationary(P13, P31, P32, P23, P14);

    public override double RepeatProbability => _stationary[BurstLost] + _stationary[LostAlone];

    public static FourStateLoss Create(AttributeValues values, List<string> errors)
    {
        var p13 = values.Has("p13") ? values.Number("p13") : 0;
        var p31 = values.Has("p31") ? values.Number("p31") : 1 - p13;
        var loss = new FourStateLoss(p13, p31, values.Number("p32"), values.Number("p23"), values.Number("p14"));
        if (loss.P13 + loss.P14 > 1) errors.Add("attributes p13 and p14 together must be at most 1");
        if (loss.P31 + loss.P32 > 1) errors.Add("attributes p31 and p32 together must be at most 1");
        return loss;
    }

    public override bool IsLost(StreamKey key, long item) => StateOf(key, item) >= BurstLost;

    private int StateOf(StreamKey key, long item)
    {
        // Where each state before the present position leads to at the item.
        Span<int> leads = [Received, BurstReceived, BurstLost, LostAlone];
        Span<int> next = stackalloc int[States];
        for (var n = item; n > 0; n--)
        {
            var unit = key.At(n).NextUnit();
            for (var state = 0; state < States; state++)
                next[state] = leads[Step(state, unit)];
            next.CopyTo(leads);
            if (leads[0] == leads[1] && leads[1] == leads[2] && leads[2] == leads[3]) return leads[0];
        }
        return leads[First(key.At(0).NextUnit())];
    }

    private int First(double unit)
    {
        var state = 0;
        for (var below = _stationary[0]; unit >= below && state < LostAlone; below += _stationary[state])
            state++;
        return state;
    }

    private int Step(int state, double unit) => state switch
    {
        Received => unit < P13 ? BurstLost : unit < P13 + P14 ? LostAlone : Received,
        BurstReceived => unit < P23 ? BurstLost : BurstReceived,
        BurstLost => unit < P31 ? Received : unit < P31 + P32 ? BurstReceived : BurstLost,
        _ => Received,
    };

    // Balance of flows: what leaves a state comes back to it. Relative to the state "received".
    private static double[] Stationary(double p13, double p31, double p32, double p23, double p14)
    {
        if (p13 <= 0) return Normalised(1, 0, 0, p14);
        // A burst that never ends is where every path ends up.
        if (p31 <= 0) return p32 > 0 ? Normalised(0, p32, Math.Max(p23, double.Epsilon), 0) : Normalised(0, 0, 1, 0);
        if (p32 > 0 && p23 <= 0) return Normalised(0, 1, 0, 0);
        var lost = p13 / p31;
        return Normalised(1, p32 > 0 ? lost * p32 / p23 : 0, lost, p14);
    }

    private static double[] Normalised(params double[] weights)
    {
        var sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }
}
