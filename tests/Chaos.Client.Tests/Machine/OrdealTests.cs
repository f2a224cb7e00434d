using CsCheck;
using Xunit;

namespace Chaos.Client.Tests.Machine;

public sealed class OrdealTests
{
    private static readonly Gen<(int Kind, int Ms)> Event = Gen.Select(Gen.Int[0, Ordeal.Kinds - 1], Gen.Int[0, 2_000]);

    [Fact]
    public void No_sequence_of_events_makes_the_client_break_a_promise() =>
        Event.Array[0, 120].Sample(events =>
        {
            var broken = Ordeal.Run(events);
            Assert.True(broken.Count == 0, string.Join("; ", broken));
        }, iter: 1_500, print: events => string.Join(' ', events.Select(e => $"({e.Kind},{e.Ms})")));
}
