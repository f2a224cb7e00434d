using System.Text.RegularExpressions;
using Chaos.Proxy.Control.Api;

namespace Chaos.Proxy.Hosting.Config;

/// <summary>Collects what is wrong with a configuration file, with places and hints.</summary>
internal sealed partial class ConfigErrors(string file, JsonPlaces places)
{
    private readonly SortedSet<(int Line, int Column, string Text)> _all = [];

    public bool Any => _all.Count > 0;

    public IReadOnlyList<string> All => [.. _all.Select(error => error.Text)];

    public void AtValue(string path, string message, string hint) => Add(places.OfValue(path), message, hint);

    public void AtName(string path, string message, string hint) => Add(places.OfName(path), message, hint);

    /// <summary>Names that are not known, with the known one that was meant.</summary>
    public void Unknown(string path, IEnumerable<string> names, IReadOnlyCollection<string> known)
    {
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase).Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            var near = known.MinBy(candidate => Distance(name, candidate))!;
            var hint = Distance(name, near) <= Math.Max(1, near.Length / 3) ? $"Did you mean {near}?" : $"Known are: {string.Join(", ", known)}.";
            AtName($"{path}/{name}", $"{name} is unknown", hint);
        }
    }

    /// <summary>Runs a check whose errors are those of the control API, and finds the place that they speak of.</summary>
    public T? Try<T>(string path, Func<T> check)
    {
        try
        {
            return check();
        }
        catch (ControlError e)
        {
            foreach (var detail in e.Details)
            {
                if (detail == ControlError.ToxicExists.Message || detail == ControlError.FaultExists.Message) AtValue($"{path}/name", "there is another fault of this name on the proxy", "Give each its own name.");
                else AtValue(Locate(path, detail), detail, Hint(detail));
            }
            return default;
        }
    }

    private void Add((int Line, int Column) place, string message, string hint) =>
        _all.Add((place.Line, place.Column, $"{file}:{place.Line}:{place.Column}: {message}. {hint}"));

    // The API's errors begin with the name of what they are about.
    private string Locate(string path, string message)
    {
        var words = FirstWords().Match(message);
        var named = words.Groups["attribute"].Success ? $"{path}/attributes/{words.Groups["attribute"].Value}" : $"{path}/{words.Groups["name"].Value.Replace('.', '/')}";
        return places.Has(named) ? named : path;
    }

    private static string Hint(string message) => message.StartsWith("missing", StringComparison.Ordinal) ? "Add it." : "See the README of the proxy for what is allowed.";

    // Levenshtein's.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1));
                (diagonal, row[j]) = (row[j], next);
            }
        }
        return row[^1];
    }

    [GeneratedRegex(@"^(attribute (?<attribute>\w+)|(?<name>[\w.]+))")]
    private static partial Regex FirstWords();
}
