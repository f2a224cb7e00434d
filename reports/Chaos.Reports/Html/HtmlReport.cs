using System.Text;
using Chaos.Reports.Data;

namespace Chaos.Reports.Html;

/// <summary>The report for people: one page without scripts, that needs nothing but itself.</summary>
internal sealed class HtmlReport : IReportFormat
{
    public string FileName => "report.html";

    public void Write(RunData run, Stream output)
    {
        var figures = new Figures();
        var body = Markup.Of($"""
            {RunHeader.Render(run)}
            <main>
            {SuiteTable.Render(run)}
            {Markup.Join(run.Experiments, e => ExperimentSection.Render(e, run, figures))}
            {JournalNotes.Render(run)}
            </main>
            """);
        output.Write(Encoding.UTF8.GetBytes(Page.Wrap($"Chaos: {run.Verdict.Run}", body).Text));
    }
}
