using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Conformance.Worlds;

/// <summary>What a journal says of deliveries.</summary>
internal static class Deliveries
{
    /// <summary>
    /// Every subscriber got, of every publisher of its channel, exactly 1 to n in order: no gap, no duplicate, no inversion; and
    /// everything that was due was acknowledged.
    /// </summary>
    public static void AreGapless(this MemoryJournal journal, int clients, IReadOnlyList<string> channels)
    {
        Assert.Empty(journal.Of<HarnessFailed>());
        var stopped = journal.Of<FeedStopped>();
        Assert.NotEmpty(stopped);
        Assert.All(stopped, line => Assert.Equal(line.Due, line.LastAcked));
        Assert.True(stopped.Sum(line => line.Due) > 0, "The feed published nothing.");
        var delivered = journal.Of<ClientDelivered>().ToLookup(d => (d.Client, d.Channel, d.Publisher), d => d.N);
        for (var index = 0; index < clients; index++)
        {
            var client = $"c-{index + 1:0000}";
            var channel = channels[index % channels.Count];
            foreach (var line in stopped.Where(s => s.Channel == channel))
            {
                var got = delivered[(client, channel, line.Publisher)].SelectMany(n => n).ToArray();
                var wanted = Enumerable.Range(1, (int)line.Due).Select(n => (long)n);
                Assert.True(wanted.SequenceEqual(got), $"{client} got of {line.Publisher} on {channel} [{string.Join(' ', got)}], not 1 to {line.Due}");
            }
        }
    }
}
