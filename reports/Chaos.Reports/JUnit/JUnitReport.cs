using Chaos.Reports.Data;

namespace Chaos.Reports.JUnit;

/// <summary>
/// The run as JUnit XML: a suite an experiment, a case an expectation. A broken expectation is a failure; one that cannot be told, or
/// whose check failed, is an error; an experiment that was not run is a suite with one skipped case.
/// </summary>
internal sealed class JUnitReport : IReportFormat
{
    public string FileName => "junit.xml";

    public void Write(RunData run, Stream output) => JUnitXml.Write("chaos " + run.Verdict.Run,
        [.. run.Experiments.Select(JUnitSuite.Of).Concat(run.Verdict.Skipped.Select(JUnitSuite.Of)).Select(s => s with { Properties = [.. s.Properties, ("command", run.Verdict.Command)] })], output);
}
