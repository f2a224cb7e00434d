using Chaos.Journal.Verdicts;
using Chaos.Reports.Text;

namespace Chaos.Reports.Html;

/// <summary>Verdicts as small labels; a mark beside the colour, so that colour alone says nothing.</summary>
internal static class Badges
{
    public static Markup Of(Outcome outcome) => Badge(Tone(outcome), Words.Of(outcome));

    public static Markup Of(ExpectationOutcome outcome) => Badge(Tone(outcome), Words.Of(outcome));

    public static string Tone(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "good",
        Outcome.Deviated => "bad",
        Outcome.Error or Outcome.ProbeError => "error",
        _ => "unsure",
    };

    public static Markup Skipped => Badge("skipped", "skipped");

    public static Markup Badge(string tone, string text) => Markup.Of($"""<span class="badge {tone}">{Mark(tone)} {text}</span>""");

    private static string Tone(ExpectationOutcome outcome) => outcome switch
    {
        ExpectationOutcome.Met => "good",
        ExpectationOutcome.Broken => "bad",
        ExpectationOutcome.Error => "error",
        _ => "unsure",
    };

    /// <summary>The mark of a tone, for where there is no room for words.</summary>
    public static string Mark(string tone) => tone switch
    {
        "good" => "✓",
        "bad" => "✗",
        "error" => "!",
        "skipped" => "–",
        _ => "?",
    };
}
