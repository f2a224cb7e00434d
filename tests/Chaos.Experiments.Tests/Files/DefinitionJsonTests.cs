using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Client.Policies;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Chaos.Load.Scripts;
using CsCheck;
using Xunit;

namespace Chaos.Experiments.Tests.Files;

public sealed class DefinitionJsonTests
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyzäß→'\"\\ 0-._"], 1, 8];
    private static readonly Gen<TimeSpan> Time = Gen.Long[-TimeSpan.TicksPerHour * 1000, TimeSpan.TicksPerHour * 1000].Select(TimeSpan.FromTicks);
    private static readonly Gen<double> Number = Gen.Double[-1e9, 1e9];

    private static readonly Gen<JsonObject> Json = Gen.Recursive<JsonObject>((depth, inner) => Gen.Dictionary(Word, Gen.OneOf(
        Gen.Const((JsonNode?)null), Number.Select(n => (JsonNode?)JsonValue.Create(n)), Gen.Long.Select(n => (JsonNode?)JsonValue.Create(n)), Word.Select(w => (JsonNode?)JsonValue.Create(w)),
        Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)),
        depth > 3 ? Gen.Const((JsonNode?)null) : inner.Array[0, 2].Select(a => (JsonNode?)new JsonArray([.. a])),
        depth > 3 ? Gen.Const((JsonNode?)null) : inner.Select(o => (JsonNode?)o)))[0, 3].Select(d => new JsonObject(d)));

    private static readonly Gen<ExpectationDefinition> Expectation = Gen.Select(Word, Word, Word, Json, (id, check, during, options) => new ExpectationDefinition(id, check, during, options));

    private static readonly Gen<FaultDefinition> Fault = Gen.Select(Word, Time, Time, Gen.Double[0, 1], Json, Gen.Select(Time, Gen.Int, Time, (e, c, j) => new RepeatDefinition(e, c, j)).Null(),
        (name, at, length, toxicity, attributes, repeat) => new FaultDefinition { Name = name, Link = name + ".x", Type = "t", At = at, For = length, Toxicity = toxicity, Attributes = attributes, Repeat = repeat, Stream = "both" });

    private static readonly Gen<ScriptStepDefinition> Step = Gen.Select(Json.Array[1, 3].Null(), Word.Null(), Json.Null(), Gen.Int[1000, 4999].Nullable(), Gen.Bool, Number, Word.Null(),
        (send, raw, expect, close, silence, within, publish) => new ScriptStepDefinition(send, raw, expect, close, silence, within, publish));

    private static readonly Gen<ScriptDefinition> Script = Gen.Select(Word, Step.Array[0, 3], Gen.Dictionary(Word, Gen.Select(Word, Number, Word.Null(), (user, ttl, channel) => new ScriptToken(user, "acme", ttl, channel)))[0, 2],
        (name, steps, tokens) => new ScriptDefinition(name, "eu.clients", steps, tokens));

    private static readonly Gen<FleetDefinition> Fleet = Gen.Select(Gen.Int[1, 9000], Number, Time, Gen.Select(Number, Gen.Int, (r, b) => new FeedDefinition("clients", r, b)).Null(),
        (count, ms, ttl, feed) => new FleetDefinition { Count = count, Channels = count, Link = "eu.clients", TokenTtl = ttl, Feed = feed, Policy = new ClientPolicy { BaseMs = ms, CapMs = ms * 2, StableMs = ms / 3 } });

    private static readonly Gen<ExperimentDefinition> Experiment = Gen.Select(Gen.Select(Word, Word, Word.Array[0, 3]), Fleet, Script.Array[0, 2], Fault.Array[0, 3], Expectation.Array[0, 3], Json, Time, Number,
        (words, fleet, scripts, faults, expectations, gateway, time, number) => new ExperimentDefinition
        {
            Id = words.Item1, Title = words.Item2, Checklist = words.Item3.Append(words.Item2).ToArray(), Tags = words.Item3, File = words.Item1,
            World = new WorldDefinition("w", [new RegionDefinition("eu", 2, new StoreDefinition("external", "h:1")), new RegionDefinition("us", 1, new StoreDefinition("embedded"))]),
            Gateway = gateway, Fleet = fleet, Scripts = scripts, SteadyState = expectations, Expectations = expectations,
            Timeline = new TimelineDefinition { Baseline = time, Faults = faults, FaultsAtLeast = time / 3, Recovery = -time, Settle = time / 7 },
            StopWhen = [new StopConditionDefinition("s", "disconnected_share", number, time)],
            Mutants = [new MutantExpectation("client.x", words.Item1)],
        });

    [Fact]
    public void A_definition_survives_the_journal_exactly() => Experiment.Sample(definition =>
    {
        var line = DefinitionJson.ToJson(definition).GetRawText();
        using var parsed = JsonDocument.Parse(line);
        var back = DefinitionJson.FromJson(parsed.RootElement);
        Assert.Equal(line, DefinitionJson.ToJson(back).GetRawText());
        Same(definition, back);
    }, iter: 500);

    [Fact]
    public void A_definition_from_a_file_survives_too()
    {
        using var folder = new TestFolder();
        folder.Write("x.yaml", Samples.Full);
        var definition = Assert.Single(folder.Load().Experiments);
        var json = DefinitionJson.ToJson(definition);
        Same(definition, DefinitionJson.FromJson(json));
        Assert.Equal("14s", json.GetProperty("timeline").GetProperty("faults")[0].GetProperty("for").GetString());
    }

    [Fact]
    public void Durations_survive_to_the_tick() => Time.Sample(time =>
    {
        Assert.True(Durations.TryParse(Durations.Format(time), out var back));
        Assert.Equal(time, back);
    }, iter: 10_000);

    [Fact]
    public void What_is_no_definition_is_refused()
    {
        foreach (var text in new[] { "null", "{}", "[]", "3", """{"id":3}""" })
        {
            using var parsed = JsonDocument.Parse(text);
            Assert.Throws<JsonException>(() => DefinitionJson.FromJson(parsed.RootElement));
        }
    }

    // Records compare lists and JSON by reference, so they are walked.
    private static void Same(object? expected, object? actual)
    {
        switch (expected)
        {
            case null or string or ValueType:
                Assert.Equal(expected, actual);
                break;
            case JsonNode node:
                Assert.True(JsonNode.DeepEquals(node, (JsonNode?)actual), $"{node.ToJsonString()} became {((JsonNode?)actual)?.ToJsonString()}");
                break;
            case System.Collections.IDictionary or IReadOnlyDictionary<string, ScriptToken>:
                var (left, right) = ((IReadOnlyDictionary<string, ScriptToken>)expected, (IReadOnlyDictionary<string, ScriptToken>)actual!);
                Assert.Equal(left.OrderBy(p => p.Key, StringComparer.Ordinal), right.OrderBy(p => p.Key, StringComparer.Ordinal));
                break;
            case System.Collections.IEnumerable items:
                var (a, b) = (items.Cast<object?>().ToList(), ((System.Collections.IEnumerable)actual!).Cast<object?>().ToList());
                Assert.Equal(a.Count, b.Count);
                for (var i = 0; i < a.Count; i++) Same(a[i], b[i]);
                break;
            default:
                Assert.Equal(expected.GetType(), actual?.GetType());
                foreach (var property in expected.GetType().GetProperties()) Same(property.GetValue(expected), property.GetValue(actual));
                break;
        }
    }
}
