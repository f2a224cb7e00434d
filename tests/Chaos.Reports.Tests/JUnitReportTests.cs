using System.Xml.Linq;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Tests.Samples;
using Xunit;

namespace Chaos.Reports.Tests;

public sealed class JUnitReportTests
{
    // The members that consumers of JUnit XML agree on; more would be refused by the strict ones.
    private static readonly Dictionary<string, (string[] Attributes, string[] Children)> Shape = new()
    {
        ["testsuites"] = (["name", "time", "tests", "failures", "errors"], ["testsuite"]),
        ["testsuite"] = (["name", "tests", "failures", "errors", "skipped", "time", "timestamp"], ["properties", "testcase"]),
        ["properties"] = ([], ["property"]),
        ["property"] = (["name", "value"], []),
        ["testcase"] = (["name", "classname", "time"], ["failure", "error", "skipped"]),
        ["failure"] = (["message", "type"], []),
        ["error"] = (["message", "type"], []),
        ["skipped"] = (["message"], []),
    };

    private static readonly XElement Small = XDocument.Parse(Written.As("junit.xml", SmallRun.Make())).Root!;

    [Fact]
    public void Only_members_that_every_consumer_knows_are_used() => Assert.All(Small.DescendantsAndSelf(), element =>
    {
        var (attributes, children) = Shape[element.Name.LocalName];
        Assert.Subset(attributes.ToHashSet(), element.Attributes().Select(a => a.Name.LocalName).ToHashSet());
        Assert.Subset(children.ToHashSet(), element.Elements().Select(e => e.Name.LocalName).ToHashSet());
    });

    [Fact]
    public void Counts_of_a_suite_and_of_the_run_are_those_of_their_cases() => Assert.All(Small.DescendantsAndSelf().Where(e => e.Name == "testsuites" || e.Name == "testsuite"), e =>
    {
        Assert.Equal(e.Descendants("testcase").Count(), (int)e.Attribute("tests")!);
        Assert.Equal(e.Descendants("failure").Count(), (int)e.Attribute("failures")!);
        Assert.Equal(e.Descendants("error").Count(), (int)e.Attribute("errors")!);
    });

    [Theory]
    [InlineData(Outcome.Deviated)]
    [InlineData(Outcome.Inconclusive)]
    [InlineData(Outcome.BaselineNotMet)]
    [InlineData(Outcome.ProbeError)]
    [InlineData(Outcome.Aborted)]
    [InlineData(Outcome.Interrupted)]
    [InlineData(Outcome.Error)]
    public void An_experiment_that_did_not_pass_never_looks_green(Outcome outcome)
    {
        var verdict = SampleVerdicts.Run(outcome, [SampleVerdicts.Experiment("x", outcome, "Why.", [])]);
        var root = XDocument.Parse(Written.As("junit.xml", (new SampleJournal().RunStarts().Build(), verdict))).Root!;
        Assert.Equal(1, (int)root.Attribute("failures")! + (int)root.Attribute("errors")!);
    }

    [Fact]
    public void Characters_that_XML_cannot_hold_do_not_break_the_file()
    {
        var verdict = SampleVerdicts.Run(Outcome.Deviated, [SampleVerdicts.Experiment("x", Outcome.Deviated, "bell \u0007, lone \uD800, pair \U0001F525, null \0", [])]);
        var message = XDocument.Parse(Written.As("junit.xml", (new SampleJournal().RunStarts().Build(), verdict))).Descendants("failure").Single().Attribute("message")!.Value;
        Assert.Equal("bell \uFFFD, lone \uFFFD, pair \U0001F525, null \uFFFD", message);
    }
}
