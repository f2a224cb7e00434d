using System.Text.RegularExpressions;

namespace Chaos.Experiments.Alerts.Expressions;

/// <summary>How a selector compares a label.</summary>
internal enum LabelTest
{
    Is,
    IsNot,
    Matches,
    MatchesNot,
}

/// <summary>One comparison of a selector.</summary>
internal sealed record LabelMatcher(string Label, LabelTest Test, string Value)
{
    private readonly Regex? _pattern = Test is LabelTest.Matches or LabelTest.MatchesNot ? new Regex($@"\A(?:{Value})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking) : null;

    /// <summary>Whether a series passes.</summary>
    public bool Accepts(LabelSet labels) => Test switch
    {
        LabelTest.Is => labels[Label] == Value,
        LabelTest.IsNot => labels[Label] != Value,
        LabelTest.Matches => _pattern!.IsMatch(labels[Label]),
        _ => !_pattern!.IsMatch(labels[Label]),
    };

    /// <summary>As PromQL.</summary>
    public override string ToString() => Label + Test switch { LabelTest.Is => "=", LabelTest.IsNot => "!=", LabelTest.Matches => "=~", _ => "!~" } + LabelSet.Quoted(Value);
}

/// <summary>Chooses series as PromQL does: <c>chaos_connections_total{outcome=~"refused_.+"}</c>.</summary>
internal sealed partial record Selector(string Metric, IReadOnlyList<LabelMatcher> Matchers)
{
    /// <summary>What may be written. Patterns are kept to what .NET and Prometheus (RE2) read in the same way.</summary>
    public const string Pattern = @"^[a-zA-Z_][a-zA-Z0-9_]*(\{" + OneMatcher + @"(, ?" + OneMatcher + @")*\})?$";

    private const string OneMatcher = @"[a-zA-Z_][a-zA-Z0-9_]*(=|!=|=~|!~)""[a-zA-Z0-9_.*+|() /:-]*""";

    /// <summary>Reads a selector; null when it is none.</summary>
    public static Selector? TryParse(string text)
    {
        if (!Form().IsMatch(text)) return null;
        var open = text.IndexOf('{', StringComparison.Ordinal);
        try
        {
            return open < 0
                ? new Selector(text, [])
                : new Selector(text[..open], [.. Matcher().Matches(text, open).Select(m => new LabelMatcher(m.Groups["label"].Value, Test(m.Groups["test"].Value), m.Groups["value"].Value))]);
        }
        catch (RegexParseException)
        {
            return null;
        }
    }

    /// <summary>The same of another metric.</summary>
    public Selector Of(string metric) => this with { Metric = metric };

    /// <summary>Whether it chooses a series.</summary>
    public bool Accepts(string metric, LabelSet labels) => metric == Metric && Matchers.All(m => m.Accepts(labels));

    /// <summary>As PromQL.</summary>
    public override string ToString() => Matchers.Count == 0 ? Metric : $"{Metric}{{{string.Join(",", Matchers)}}}";

    private static LabelTest Test(string sign) => sign switch { "=" => LabelTest.Is, "!=" => LabelTest.IsNot, "=~" => LabelTest.Matches, _ => LabelTest.MatchesNot };

    [GeneratedRegex(Pattern)]
    private static partial Regex Form();

    [GeneratedRegex("""(?<label>\w+)(?<test>=~|!~|!=|=)"(?<value>[^"]*)"(?:, ?|\})""")]
    private static partial Regex Matcher();
}
