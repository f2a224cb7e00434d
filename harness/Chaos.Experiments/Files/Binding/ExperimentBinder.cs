using System.Text.Json.Nodes;
using Chaos.Client.Policies;
using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Rules;

namespace Chaos.Experiments.Files.Binding;

/// <summary>A checked experiment file → its definition, with defaults filled in.</summary>
internal sealed class ExperimentBinder(Catalogue catalogue)
{
    public ExperimentDefinition Bind(Cursor root, WorldDefinition world, Budgets? budgets, string file)
    {
        var fleet = Fleet(root["fleet"]);
        return new ExperimentDefinition
        {
            Id = root["id"].Text!,
            Title = root["title"].Text!,
            Checklist = root["checklist"].Text is { } line ? [line] : [.. root["checklist"].Items.Select(l => l.Text!)],
            Tags = [.. root["tags"].Items.Select(t => t.Text!)],
            Machine = root["machine"].Text switch { "shared" => MachineUse.Shared, "pair" => MachineUse.Pair, _ => MachineUse.Alone },
            World = world,
            Gateway = Copy(root["gateway"]),
            Fleet = fleet,
            Scripts = [.. root["scripts"].Items.Select(s => ScriptBinder.Bind(s, fleet.Link))],
            SteadyState = [.. root["steady_state"].Items.Select(e => Expectation(e, budgets) with { During = "baseline" })],
            Timeline = Timeline(root["timeline"]),
            StopWhen = [.. root["stop_when"].Items.Select(s => new StopConditionDefinition(s["name"].Text!, s["figure"].Text!, s["above"].Number!.Value, s["for"].Duration!.Value))],
            Expectations = [.. root["expectations"].Items.Select(e => Expectation(e, budgets))],
            Mutants = [.. root["mutants"].Items.Select(m => new MutantExpectation(m["name"].Text!, m["killed_by"].Text!))],
            File = file,
        };
    }

    internal static FleetDefinition Fleet(Cursor fleet)
    {
        var (defaults, policy, feed) = (new ClientPolicy(), fleet["policy"], fleet["feed"]);
        List<HomeDefinition> homes = [.. fleet["regions"].Items.Select(h => new HomeDefinition(h["region"].Text!, h["count"].Whole!.Value))];
        return new FleetDefinition
        {
            Client = fleet["client"].Text ?? "reference",
            Count = fleet["count"].Whole ?? homes.Sum(h => h.Count),
            Channels = fleet["channels"].Whole ?? 1,
            Link = fleet["link"].Text is { } link ? LinkNames.Normal(link) : LinkNames.Clients(homes[0].Region),
            Homes = homes,
            TokenTtl = fleet["token_ttl"].Duration ?? TimeSpan.FromMinutes(10),
            Policy = new ClientPolicy
            {
                BaseMs = policy["base_ms"].Number ?? defaults.BaseMs,
                Factor = policy["factor"].Number ?? defaults.Factor,
                CapMs = policy["cap_ms"].Number ?? defaults.CapMs,
                Distribution = policy["distribution"].Text ?? defaults.Distribution,
                StableMs = policy["stable_ms"].Number ?? defaults.StableMs,
                ConnectTimeoutMs = policy["connect_timeout_ms"].Number ?? defaults.ConnectTimeoutMs,
                PingIntervalMs = policy["ping_interval_ms"].Number ?? defaults.PingIntervalMs,
                PingSlackMs = policy["ping_slack_ms"].Number ?? defaults.PingSlackMs,
                CloseTimeoutMs = policy["close_timeout_ms"].Number ?? defaults.CloseTimeoutMs,
                PublishTimeoutMs = policy["publish_timeout_ms"].Number ?? defaults.PublishTimeoutMs,
                MoveAfter = policy["move_after"].Whole ?? defaults.MoveAfter,
                ReturnAfterMs = policy["return_after_ms"].Number ?? defaults.ReturnAfterMs,
                Resend = policy["resend"].Truth ?? defaults.Resend,
            },
            Feed = feed.Exists ? new FeedDefinition(feed["from"].Text!, feed["rate_per_s"].Number!.Value, feed["bytes"].Whole ?? 128) : null,
        };
    }

    private static TimelineDefinition Timeline(Cursor timeline)
    {
        var defaults = new TimelineDefinition();
        return new TimelineDefinition
        {
            Baseline = timeline["baseline"].Duration ?? defaults.Baseline,
            FaultsAtLeast = timeline["faults_at_least"].Duration ?? defaults.FaultsAtLeast,
            Faults = [.. timeline["faults"].Items.Select(Fault)],
            Recovery = timeline["recovery"].Duration ?? defaults.Recovery,
            Settle = timeline["settle"].Duration ?? defaults.Settle,
        };
    }

    internal static FaultDefinition Fault(Cursor fault) => new()
    {
        Name = fault["name"].Text!,
        Link = LinkNames.Normal(fault["link"].Text ?? ""),
        Node = fault["node"].Text,
        Between = fault["between"].Exists ? [.. fault["between"].Items.Select(b => b.Text!)] : null,
        Type = fault["fault"].Text!,
        At = fault["at"].Duration ?? TimeSpan.Zero,
        For = fault["for"].Duration!.Value,
        Stream = fault["stream"].Text ?? "downstream",
        Toxicity = fault["toxicity"].Number ?? 1,
        Target = fault["target"] is { Exists: true } target ? Copy(target) : null,
        Attributes = Copy(fault["attributes"]),
        Repeat = fault["repeat"] is { Exists: true } repeat
            ? new RepeatDefinition(repeat["every"].Duration!.Value, repeat["count"].Whole!.Value, repeat["jitter"].Duration ?? TimeSpan.Zero)
            : null,
    };

    private ExpectationDefinition Expectation(Cursor expectation, Budgets? budgets)
    {
        var options = new JsonObject();
        foreach (var (key, value) in expectation.Members)
        {
            if (key is not ("id" or "check" or "during" or "budget")) options[key] = value.Node?.DeepClone();
        }

        var check = catalogue.Checks.First(c => c.Name == expectation["check"].Text!);
        var budget = expectation["budget"].Text;
        foreach (var (option, limit) in budget is null ? [] : budgets!.Options(budget, check)) options[option] = limit;
        foreach (var (key, option) in check.OptionsSchema["properties"] as JsonObject ?? [])
        {
            if (!options.ContainsKey(key) && option is JsonObject { } described && described["default"] is { } value) options[key] = value.DeepClone();
        }

        return new ExpectationDefinition(expectation["id"].Text!, check.Name, expectation["during"].Text ?? "run", options, budget);
    }

    private static JsonObject Copy(Cursor members) => members.Node?.DeepClone() as JsonObject ?? [];
}
