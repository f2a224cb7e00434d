using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Chaos.Load.Scripts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

public sealed class ScriptCheckTests
{
    private static readonly ScriptStepDefinition[] Written =
    [
        new([JsonNode.Parse("""{"id":1}""")!], null, null, null),
        new(null, null, JsonNode.Parse("""{"id":1,"error":{"code":103}}""")!.AsObject(), null),
        new(null, null, null, null, ExpectSilence: true, WithinMs: 500),
        new(null, null, null, 3500),
    ];

    [Fact]
    public void A_script_that_went_as_written_is_met()
    {
        var result = Ran(["""{"id":1,"error":{"code":103,"message":"permission denied"}}"""], [], 3500).Judge("script", new { script = "s" });
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
    }

    [Fact]
    public void What_the_runner_thought_of_it_is_not_used()
    {
        var result = Ran(["""{"id":1,"subscribe":{}}"""], [], 3500).Judge("script", new { script = "s" });
        Assert.Equal(ExpectationOutcome.Broken, result.Outcome);
        Assert.Contains("step 2 of 4: expected {\"id\":1,\"error\":{\"code\":103}}, came {\"id\":1,\"subscribe\":{}}", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_in_the_silence_breaks_it_and_a_ping_does_not()
    {
        string[] refused = ["""{"id":1,"error":{"code":103}}"""];
        Assert.Equal(ExpectationOutcome.Met, Ran(refused, ["{}"], 3500).Judge("script").Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Ran(refused, ["""{"push":{}}"""], 3500).Judge("script").Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Ran(refused, ["no json"], 3500).Judge("script").Outcome);
    }

    [Fact]
    public void Another_close_code_breaks_it() =>
        Assert.Contains("expected close code 3500, came close code 3501", Ran(["""{"id":1,"error":{"code":103}}"""], [], 3501).Judge("script").Sentence, StringComparison.Ordinal);

    [Fact]
    public void A_step_that_was_never_reached_breaks_it()
    {
        var builder = Builder().Add(4_000, new ScriptStep("s", 0, "{}", null, [], null, 1, true));
        Assert.Contains("step 2 of 4: it was never reached", builder.Judge("script").Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_that_did_not_run_is_inconclusive() => Assert.Equal(ExpectationOutcome.Inconclusive, Builder().Judge("script").Outcome);

    [Fact]
    public void A_script_that_does_not_exist_is_an_error() => Assert.Throws<InvalidOperationException>(() => Builder().Judge("script", new { script = "t" }));

    private static JournalBuilder Builder()
    {
        var builder = new JournalBuilder().Phased();
        builder.Definition = builder.Definition with { Scripts = [new ScriptDefinition("s", JournalBuilder.Link, Written, new Dictionary<string, ScriptToken>())] };
        return builder;
    }

    private static JournalBuilder Ran(string[] reply, string[] silence, int? close) => Builder()
        .Add(4_000, new ScriptStep("s", 0, "{}", null, [], null, 1, true))
        .Add(4_100, new ScriptStep("s", 1, null, null, reply, null, 20, true))
        .Add(4_600, new ScriptStep("s", 2, null, null, silence, null, 500, true))
        .Add(4_700, new ScriptStep("s", 3, null, null, [], close, 20, true));
}
