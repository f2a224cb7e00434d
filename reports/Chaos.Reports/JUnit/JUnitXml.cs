using System.Globalization;
using System.Text;
using System.Xml;
using Chaos.Reports.Text;

namespace Chaos.Reports.JUnit;

/// <summary>Suites of cases as XML, with only what every consumer of JUnit files knows.</summary>
internal static class JUnitXml
{
    public static void Write(string name, IReadOnlyList<JUnitSuite> suites, Stream output)
    {
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), NewLineChars = "\n" });
        xml.WriteStartElement("testsuites");
        Attribute(xml, "name", name);
        Counts(xml, suites.SelectMany(s => s.Cases).ToList());
        Attribute(xml, "time", Time(suites.Sum(s => s.Seconds)));
        foreach (var suite in suites) Suite(xml, suite);
        xml.WriteEndElement();
    }

    private static void Suite(XmlWriter xml, JUnitSuite suite)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", suite.Name);
        Counts(xml, suite.Cases);
        Attribute(xml, "skipped", suite.Cases.Count(c => c.Result == JUnitResult.Skipped).ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "time", Time(suite.Seconds));
        if (suite.StartedAtUs is { } at) Attribute(xml, "timestamp", Words.Invariant($"{DateTimeOffset.UnixEpoch.AddTicks(at * 10):yyyy-MM-ddTHH:mm:ss}"));
        xml.WriteStartElement("properties");
        foreach (var (name, value) in suite.Properties)
        {
            xml.WriteStartElement("property");
            Attribute(xml, "name", name);
            Attribute(xml, "value", value);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        foreach (var test in suite.Cases) Case(xml, suite, test);
        xml.WriteEndElement();
    }

    private static void Case(XmlWriter xml, JUnitSuite suite, JUnitCase test)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "name", test.Name);
        Attribute(xml, "classname", suite.Name);
        Attribute(xml, "time", Time(test.Seconds));
        if (test.Result != JUnitResult.Ok)
        {
            xml.WriteStartElement(test.Result switch { JUnitResult.Failure => "failure", JUnitResult.Error => "error", _ => "skipped" });
            Attribute(xml, "message", test.Message);
            if (test.Result != JUnitResult.Skipped)
            {
                Attribute(xml, "type", test.Type);
                xml.WriteString(Clean(test.Detail));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Counts(XmlWriter xml, IReadOnlyList<JUnitCase> cases)
    {
        Attribute(xml, "tests", cases.Count.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "failures", cases.Count(c => c.Result == JUnitResult.Failure).ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "errors", cases.Count(c => c.Result == JUnitResult.Error).ToString(CultureInfo.InvariantCulture));
    }

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Clean(value));

    private static string Time(double seconds) => (double.IsFinite(seconds) ? seconds : 0).ToString("0.000", CultureInfo.InvariantCulture);

    // Characters that XML 1.0 cannot hold, however they are written, become a visible stand-in.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) clean.Append(text[i]).Append(text[++i]);
            else clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
        }

        return clean.ToString();
    }
}
