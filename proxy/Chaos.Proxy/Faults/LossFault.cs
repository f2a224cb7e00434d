namespace Chaos.Proxy.Faults;

/// <summary>
/// Packet loss as TCP shows it: nothing is ever missing, but a lost item and all that follow it wait for the
/// retransmission.
/// </summary>
internal sealed record LossFault(LossProcess Process, double P, double RttMs, double RtoMs, double MaxRtoMs, double FastShare) : ItemFault
{
    private const string Independent = "independent";
    private const string GilbertElliott = "gilbert_elliott";

    public static readonly FaultKind Kind = new("loss",
        "Loses packets the way TCP lets an application see it: a lost item arrives one retransmission late, and everything behind it waits. No byte is ever missing.",
        Tcp: true, WebSocket: true,
        [
            new("p", AttributeKind.Number, "Probability that an item is lost; in the Gilbert–Elliott process, that the good state turns bad.", Min: 0, Max: 1, Required: true),
            new("rtt_ms", AttributeKind.Number, "Round-trip time in milliseconds: what a fast retransmission takes.", 50),
            new("rto_ms", AttributeKind.Number, "First retransmission timeout in milliseconds (Linux: 200); it doubles each time the retransmission is lost too.", 200, 1),
            new("max_rto_ms", AttributeKind.Number, "Cap of the doubling, in milliseconds (Linux: 120000).", 120_000, 1),
            new("fast_share", AttributeKind.Number, "Share of first losses repaired by fast retransmission after one round trip; the others wait for the timeout, as the last packet of a burst does.", 1, 0, 1),
            new("correlation", AttributeKind.Number, "Probability that an item shares the fate of the one before it (independent process only).", 0, 0, 0.999),
            new("process", AttributeKind.Text, "Loss process: independent (with correlation), or gilbert_elliott (bursts).", Independent, Choices: [Independent, GilbertElliott]),
            new("r", AttributeKind.Number, "Gilbert–Elliott: probability that the bad state turns good.", 0.3, 0, 1),
            new("loss_bad", AttributeKind.Number, "Gilbert–Elliott: loss probability in the bad state (1-h).", 1, 0, 1),
            new("loss_good", AttributeKind.Number, "Gilbert–Elliott: loss probability in the good state (1-k).", 0, 0, 1),
        ],
        (values, errors) => Create(values, errors));

    private static LossFault Create(AttributeValues values, List<string> errors)
    {
        var p = values.Has("p") ? values.Number("p") : 0;
        var burst = values.Text("process") == GilbertElliott;
        if (burst && values.Number("correlation") > 0) errors.Add("attribute correlation belongs to the independent process; gilbert_elliott has p and r");
        LossProcess process = burst
            ? new GilbertElliottLoss(p, values.Number("r"), values.Number("loss_bad"), values.Number("loss_good"))
            : new IndependentLoss(p, values.Number("correlation"));
        return new LossFault(process, p, values.Number("rtt_ms"), values.Number("rto_ms"), values.Number("max_rto_ms"), values.Number("fast_share"));
    }

    // A retransmission that is lost this often in a row means a dead path; TCP gives up at about that point (tcp_retries2).
    private const int MaxRetransmissions = 15;

    public override Decision Decide(StreamKey key, long item)
    {
        if (!Process.IsLost(key, item)) return Decision.Pass;
        var stream = new RandomStream(key.At(item).NextBits() ^ 0x5DEECE66D5DEECE6);
        var rto = Math.Min(RtoMs, MaxRtoMs);
        var stall = 0.0;
        if (stream.NextUnit() < FastShare) stall = RttMs;
        else
        {
            stall = rto;
            rto = Math.Min(rto * 2, MaxRtoMs);
        }
        var again = Process.RepeatProbability;
        for (var n = 1; n < MaxRetransmissions && stream.NextUnit() < again; n++)
        {
            stall += rto;
            rto = Math.Min(rto * 2, MaxRtoMs);
        }
        return new Decision(FaultAction.Lost, Decision.ToUs(stall));
    }
}
