namespace Chaos.Proxy.Faults;

/// <summary>
/// Packet loss as TCP shows it: nothing is ever missing, but a lost item and all that follow it wait for the
/// retransmission.
/// </summary>
internal sealed record LossFault(LossProcess Process, double RttMs, double RtoMs, double MaxRtoMs, double FastShare) : ItemFault
{
    private const string Independent = "independent";
    private const string GilbertElliott = "gilbert_elliott";
    private const string FourState = "four_state";

    public static readonly FaultKind Kind = new("loss",
        "Loses packets the way TCP lets an application see it: a lost item arrives one retransmission late, and everything behind it waits. No byte is ever missing.",
        Tcp: true, WebSocket: true,
        [
            new("p", AttributeKind.Number, "Probability that an item is lost; in the Gilbert–Elliott process, that the good state turns bad. Required by both.", Min: 0, Max: 1),
            new("rtt_ms", AttributeKind.Number, "Round-trip time in milliseconds: what a fast retransmission takes.", 50),
            new("rto_ms", AttributeKind.Number, "First retransmission timeout in milliseconds (Linux: 200); it doubles each time the retransmission is lost too.", 200, 1),
            new("max_rto_ms", AttributeKind.Number, "Cap of the doubling, in milliseconds (Linux: 120000).", 120_000, 1),
            new("fast_share", AttributeKind.Number, "Share of first losses repaired by fast retransmission after one round trip; the others wait for the timeout, as the last packet of a burst does.", 1, 0, 1),
            new("correlation", AttributeKind.Number, "Probability that an item shares the fate of the one before it (independent process only).", 0, 0, 0.999),
            new("process", AttributeKind.Text, "Loss process: independent (with correlation), gilbert_elliott (bursts), or four_state (netem's: bursts with gaps in them, and single losses).", Independent, Choices: [Independent, GilbertElliott, FourState]),
            new("r", AttributeKind.Number, "Gilbert–Elliott: probability that the bad state turns good.", 0.3, 0, 1),
            new("loss_bad", AttributeKind.Number, "Gilbert–Elliott: loss probability in the bad state (1-h).", 1, 0, 1),
            new("loss_good", AttributeKind.Number, "Gilbert–Elliott: loss probability in the good state (1-k).", 0, 0, 1),
            new("p13", AttributeKind.Number, "Four states: probability that a loss burst begins. Required by four_state.", Min: 0, Max: 1),
            new("p31", AttributeKind.Number, "Four states: probability that a loss burst ends; 1-p13 by default.", Min: 0, Max: 1),
            new("p32", AttributeKind.Number, "Four states: probability that a gap begins within a burst.", 0, 0, 1),
            new("p23", AttributeKind.Number, "Four states: probability that a gap within a burst ends.", 1, 0, 1),
            new("p14", AttributeKind.Number, "Four states: probability of a single loss outside of bursts.", 0, 0, 1),
        ],
        (values, errors) => Create(values, errors));

    private static LossFault Create(AttributeValues values, List<string> errors)
    {
        var kind = values.Text("process");
        var needed = kind == FourState ? "p13" : "p";
        if (!values.Has(needed)) errors.Add($"attribute {needed} is required by process {kind}");
        if (kind != Independent && values.Number("correlation") > 0) errors.Add($"attribute correlation belongs to the independent process; {kind} has its own");
        var p = values.Has("p") ? values.Number("p") : 0;
        LossProcess process = kind switch
        {
            GilbertElliott => new GilbertElliottLoss(p, values.Number("r"), values.Number("loss_bad"), values.Number("loss_good")),
            FourState => FourStateLoss.Create(values, errors),
            _ => new IndependentLoss(p, values.Number("correlation")),
        };
        return new LossFault(process, values.Number("rtt_ms"), values.Number("rto_ms"), values.Number("max_rto_ms"), values.Number("fast_share"));
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
