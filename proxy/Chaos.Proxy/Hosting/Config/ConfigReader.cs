using System.Text.Json;
using Chaos.Proxy.Control;
using Chaos.Proxy.Control.Api;

namespace Chaos.Proxy.Hosting.Config;

/// <summary>
/// Reads a configuration file: Toxiproxy's array of proxies, in which unknown names are ignored as there, or this
/// project's object, in which they are errors. Comments are allowed.
/// </summary>
internal sealed class ConfigReader
{
    // What every reader of JSON can hold exactly.
    private const long MaxSeed = (1L << 53) - 1;

    private static readonly string[] TopLevel = ["seed", "proxies"];
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly ConfigErrors _errors;
    private readonly bool _strict;

    private ConfigReader(ConfigErrors errors, bool strict) => (_errors, _strict) = (errors, strict);

    /// <exception cref="ConfigFileException">It cannot be read, or is malformed: with every error.</exception>
    public static async Task<ConfigContent> ReadAsync(string file)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(file).ConfigureAwait(false);
            return Read(file, bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigFileException([$"{file}: {e.Message} Name a file that can be read."]);
        }
        catch (JsonException e)
        {
            var message = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw new ConfigFileException([$"{file}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {message}. The file must be JSON; comments are allowed."]);
        }
        catch (InvalidOperationException)
        {
            throw new ConfigFileException([$"{file}: a name or a text is not UTF-8. Save the file as UTF-8."]);
        }
    }

    private static ConfigContent Read(string file, byte[] json)
    {
        var places = new JsonPlaces(json);
        var errors = new ConfigErrors(file, places);
        using var document = JsonDocument.Parse(json, Options);
        // Bodies outlive the document's buffers.
        var root = document.RootElement.Clone();
        foreach (var path in places.Doubled)
            errors.AtName(path, $"{path[(path.LastIndexOf('/') + 1)..]} is given twice", "Keep one of them.");
        var reader = new ConfigReader(errors, strict: root.ValueKind != JsonValueKind.Array);
        var content = reader.Root(root);
        return errors.Any ? throw new ConfigFileException(errors.All) : content;
    }

    private ConfigContent Root(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array) return new ConfigContent(null, List(root, ""));
        if (root.ValueKind != JsonValueKind.Object)
        {
            _errors.AtValue("", "the file must hold an array of proxies or an object with proxies", "Write {\"proxies\": []}.");
            return ConfigContent.Empty;
        }
        var body = Body.Of(root);
        _errors.Unknown("", body.Names, TopLevel);
        var seed = _errors.Try("", () => body.Number("seed"));
        if (seed is { } number && (number != Math.Floor(number) || Math.Abs(number) > MaxSeed)) _errors.AtValue("/seed", $"seed must be a whole number of at most {MaxSeed}", "Write a smaller one, without a fraction.");
        var proxies = Member(root, "proxies");
        if (proxies is not { ValueKind: JsonValueKind.Array } list)
        {
            _errors.AtValue("/proxies", "proxies must be an array", "Write {\"proxies\": []}.");
            return ConfigContent.Empty;
        }
        return new ConfigContent((long?)seed, List(list, "/proxies"));
    }

    private List<ProxyPlan> List(JsonElement list, string path)
    {
        var plans = new List<ProxyPlan>();
        var i = 0;
        foreach (var element in list.EnumerateArray())
        {
            var at = $"{path}/{i++}";
            if (element.ValueKind != JsonValueKind.Object) _errors.AtValue(at, "a proxy must be an object", "Write {\"name\": …, \"upstream\": …}.");
            else if (new ConfigProxy(_errors, at, Body.Of(element), _strict).Read() is { } plan) Add(plans, plan, at);
        }
        return plans;
    }

    private void Add(List<ProxyPlan> plans, ProxyPlan plan, string at)
    {
        if (plans.Exists(other => other.Settings.Name == plan.Settings.Name))
            _errors.AtValue($"{at}/name", $"there is another proxy {plan.Settings.Name}", "Give each its own name.");
        if (plan.Settings.Listen is var listen && !listen.EndsWith(":0", StringComparison.Ordinal) && plans.Find(other => other.Settings.Listen == listen) is { } rival)
            _errors.AtValue($"{at}/listen", $"proxy {rival.Settings.Name} listens on {listen}, too", "Choose another port.");
        plans.Add(plan);
    }

    private static JsonElement? Member(JsonElement json, string name)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return member.Value;
        }
        return null;
    }
}
