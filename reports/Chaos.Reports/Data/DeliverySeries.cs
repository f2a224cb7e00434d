using Chaos.Journal.Events;

namespace Chaos.Reports.Data;

/// <summary>Percentiles of one bin, in milliseconds.</summary>
internal sealed record DeliveryBin(int Index, int Count, double P50Ms, double P95Ms, double P99Ms);

/// <summary>
/// Time from when a message was due to when the application above the client had it, over the time it was due. Binning by the due
/// time keeps what a stall did to the messages that it held back in the bin of the stall.
/// </summary>
internal sealed record DeliverySeries(Bins Bins, IReadOnlyList<DeliveryBin> Filled, long Messages, double P50Ms, double P95Ms, double P99Ms, double MaxMs)
{
    public static DeliverySeries From(ExperimentData experiment)
    {
        var bins = Bins.Over(experiment.Timeline.Seconds);
        var samples = new List<double>?[bins.Count];
        var all = new List<double>();
        foreach (var batch in experiment.Events.OfType<ClientDelivered>())
        {
            for (var i = 0; i < Math.Min(batch.SentAt.Length, batch.Us.Length); i++)
            {
                var index = bins.IndexOf(experiment.Timeline.SecondsAt(batch.SentAt[i]));
                if (index < 0) continue;
                (samples[index] ??= []).Add(batch.Us[i] / 1e3);
                all.Add(batch.Us[i] / 1e3);
            }
        }

        var filled = new List<DeliveryBin>();
        for (var i = 0; i < bins.Count; i++)
        {
            if (samples[i] is not { } sample) continue;
            sample.Sort();
            filled.Add(new DeliveryBin(i, sample.Count, Percentiles.Of(sample, .5), Percentiles.Of(sample, .95), Percentiles.Of(sample, .99)));
        }

        all.Sort();
        return new DeliverySeries(bins, filled, all.Count, Percentiles.Of(all, .5), Percentiles.Of(all, .95), Percentiles.Of(all, .99), Percentiles.Of(all, 1));
    }
}
