namespace Chaos.Proxy.Faults;

/// <summary>A random delay: how the faults that delay things describe it, and draw from it.</summary>
internal sealed record Delay(double LatencyMs, double JitterMs, string Distribution, double Correlation, DelayTrace? Trace)
{
    public static readonly AttributeSpec[] Attributes =
    [
        new("latency", AttributeKind.Number, "Delay in milliseconds; with a trace, what is added to each of its delays.", 0),
        new("jitter", AttributeKind.Number, "Spread of the delay in milliseconds: half the width of the uniform distribution, the standard deviation of all others.", 0),
        new("distribution", AttributeKind.Text, "Shape of the spread; trace draws from the delays of a file.", DelayDistribution.Uniform, Choices: [.. DelayDistribution.All, DelayTrace.Distribution]),
        new("correlation", AttributeKind.Number, "Probability that an item's delay repeats that of the item before it.", 0, 0, 0.999),
        new("trace", AttributeKind.Text, "File of measured delays for distribution trace: one number of milliseconds a line; empty lines and lines that begin with # are skipped.", MaxBytes: 4096),
    ];

    /// <summary>For a delay that comes once, so that nothing correlates with it.</summary>
    public static readonly AttributeSpec[] SingleAttributes =
    [
        new("delay", AttributeKind.Number, "Delay in milliseconds; with a trace, what is added to each of its delays.", Required: true),
        .. Attributes.Where(attribute => attribute.Name is "jitter" or "distribution" or "trace"),
    ];

    /// <summary>Makes it from validated attributes; reads the trace file.</summary>
    public static Delay Read(AttributeValues values, List<string> errors) => Read(values, errors, values.Number("latency"), values.Number("correlation"));

    /// <summary>As <see cref="Read(AttributeValues, List{string})"/>, from <see cref="SingleAttributes"/>.</summary>
    public static Delay ReadSingle(AttributeValues values, List<string> errors) => Read(values, errors, values.Number("delay"), 0);

    private static Delay Read(AttributeValues values, List<string> errors, double latencyMs, double correlation)
    {
        var distribution = values.Text("distribution");
        DelayTrace? trace = null;
        if (distribution == DelayTrace.Distribution)
        {
            if (values.Has("trace")) trace = DelayTrace.Read(values.Text("trace"), errors);
            else errors.Add("attribute trace is required by distribution trace: the file to draw delays from");
        }
        else if (values.Has("trace")) errors.Add("attribute trace needs distribution trace");
        return new Delay(latencyMs, values.Number("jitter"), distribution, correlation, trace);
    }

    /// <summary>The delay of an item in microseconds: a pure function of the key and the ordinal.</summary>
    public long DrawUs(StreamKey key, long item)
    {
        if (Trace is null && JitterMs <= 0) return Decision.ToUs(LatencyMs);
        var unit = StickyUnit.At(key, item, Correlation);
        if (Trace is not null) return Decision.ToUs(LatencyMs + Trace.At(unit));
        var extra = new RandomStream(key.At(item).NextBits() ^ 0xA5A5A5A5A5A5A5A5);
        return Decision.ToUs(DelayDistribution.Draw(Distribution, LatencyMs, JitterMs, unit, ref extra));
    }
}
