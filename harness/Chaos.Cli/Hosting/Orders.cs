using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chaos.Cli.Hosting;

/// <summary>
/// What the engine asks of a part while it runs: <c>{"do":"clock","offset_ms":500}</c>, a line on its standard input. Each is answered by a line on
/// standard output, <c>part.done</c> with what there is to say, or <c>part.failed</c> with the reason.
/// </summary>
internal sealed class Orders(IReadOnlyDictionary<string, Func<JsonObject, Task<JsonObject>>> known)
{
    /// <summary>A part of which nothing is asked.</summary>
    public static Orders None { get; } = new(new Dictionary<string, Func<JsonObject, Task<JsonObject>>>());

    private Task _last = Task.CompletedTask;

    /// <summary>Takes a line. Orders are carried out one after another, and this does not wait for it.</summary>
    public void Take(string line) => _last = CarryOutAsync(_last, line);

    private async Task CarryOutAsync(Task before, string line)
    {
        await before.ConfigureAwait(false);
        JsonObject answer;
        try
        {
            var order = JsonNode.Parse(line) as JsonObject ?? throw new JsonException("an order is an object");
            var name = (string?)order["do"] ?? "";
            if (!known.TryGetValue(name, out var carryOut)) throw new JsonException($"nothing here is called '{name}'");
            answer = await carryOut(order).ConfigureAwait(false);
            answer["kind"] = "part.done";
        }
        catch (Exception e)
        {
            // Whatever it was: whoever asked must hear that it did not work, and why.
            answer = new JsonObject { ["kind"] = "part.failed", ["error"] = e.Message };
        }

        Console.Out.WriteLine(answer.ToJsonString());
    }
}
