using Chaos.Experiments.Engine.Worlds;
using Xunit;

namespace Chaos.Experiments.Tests.Engine;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Counters_and_gauges_are_read_with_their_labels_and_without_the_scope_of_the_exporter()
    {
        const string text = """
            # TYPE chaos_publishes_total counter
            chaos_publishes_total{otel_scope_name="Chaos.Gateway",outcome="ok"} 17 1764019200000
            chaos_connections_active 5
            chaos_breaker_state{dependency="redis"} 2
            process_cpu_seconds_total 3
            chaos_odd{reason="a}b"} 1e3
            """;

        var values = PrometheusText.Parse(text, "chaos_");

        Assert.Equal(17, values["chaos_publishes_total{outcome=\"ok\"}"]);
        Assert.Equal(5, values["chaos_connections_active"]);
        Assert.Equal(2, values["chaos_breaker_state{dependency=\"redis\"}"]);
        Assert.Equal(1000, values["chaos_odd{reason=\"a}b\"}"]);
        Assert.Equal(4, values.Count);
    }

    [Fact]
    public void Lines_that_are_no_samples_are_passed_over() => Assert.Empty(PrometheusText.Parse("# HELP chaos_x\nchaos_x\n\nchaos_y nonsense", "chaos_"));
}
