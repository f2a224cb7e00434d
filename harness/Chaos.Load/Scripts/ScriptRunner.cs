using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Chaos.Journal.Events;
using Chaos.Load.Fleets;

namespace Chaos.Load.Scripts;

/// <summary>
/// Runs a script on a raw connection of its own and writes a script.step event for each step. Pings are answered, and left out
/// of what is recorded, unless a step expects an empty object. A step that fails does not end the script: what follows is evidence too.
/// </summary>
public sealed class ScriptRunner
{
    private readonly ScriptSpec _spec;
    private readonly Dictionary<string, string> _tokens;
    private int? _closeCode;

    private ScriptRunner(ScriptSpec spec)
    {
        _spec = spec;
        _tokens = spec.Tokens.ToDictionary(token => token.Key, token => spec.Issuer.Issue(token.Value));
    }

    /// <summary>Runs a script.</summary>
    /// <returns>True when every step went as expected.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the steps until then are in the journal.</exception>
    public static Task<bool> RunAsync(ScriptSpec spec, CancellationToken cancel) => new ScriptRunner(spec).RunAsync(cancel);

    private async Task<bool> RunAsync(CancellationToken cancel)
    {
        await using var connection = new ScriptConnection();
        var failure = await ConnectAsync(connection, cancel).ConfigureAwait(false);
        var matched = true;
        for (var index = 0; index < _spec.Steps.Count; index++)
        {
            var step = _spec.Steps[index];
            var began = _spec.Clock.NowUs;
            var received = new List<string>();
            if (failure is not null) received.Add(failure);
            var ok = failure is null && await StepAsync(connection, step, index, received, cancel).ConfigureAwait(false);
            matched &= ok;
            var now = _spec.Clock.NowUs;
            _spec.Journal.Write(new ScriptStep(_spec.Name, index, Sent(step), Expected(step), [.. received], _closeCode, (now - began) / 1000.0, ok)
            {
                At = now, X = _spec.Experiment,
            });
        }

        return matched;
    }

    /// <summary>Null, or why there is no connection.</summary>
    private async Task<string?> ConnectAsync(ScriptConnection connection, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(_spec.ConnectTimeout, _spec.Clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            await connection.ConnectAsync(_spec.Url.For(_spec.Name), either.Token).ConfigureAwait(false);
            return null;
        }
        catch (WebSocketException e)
        {
            return $"(no connection: {e.Message})";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"(no connection within {_spec.ConnectTimeout.TotalSeconds} s)";
        }
    }

    private async Task<bool> StepAsync(ScriptConnection connection, ScriptStepDefinition step, int index, List<string> received, CancellationToken cancel)
    {
        if (step.Send is not null) return await connection.SendAsync(ScriptFrame.Build(step.Send, _tokens), cancel).ConfigureAwait(false);
        if (step.SendRaw is not null) return await connection.SendAsync(step.SendRaw, cancel).ConfigureAwait(false);
        if (step.PublishTo is not null) return await PublishAsync(step.PublishTo, index, received, cancel).ConfigureAwait(false);
        if (step.Expect is not null)
            return await ReceiveAsync(connection, step.WithinMs, received, arrival => ScriptMatcher.Matches(step.Expect, arrival.Json), cancel).ConfigureAwait(false);
        if (step.ExpectClose is not null)
        {
            await ReceiveAsync(connection, step.WithinMs, received, _ => false, cancel).ConfigureAwait(false);
            return _closeCode == step.ExpectClose;
        }

        // Silence: anything but a ping ends it, and so does the end of the connection.
        if (step.ExpectSilence)
            return !await ReceiveAsync(connection, step.WithinMs, received, arrival => !arrival.IsPing, cancel).ConfigureAwait(false) && _closeCode is null;
        throw new InvalidOperationException($"Step {index} of script {_spec.Name} is empty.");
    }

    /// <summary>Takes what has come and comes until one message is wanted; false at the deadline or when the connection is over.</summary>
    private async Task<bool> ReceiveAsync(ScriptConnection connection, double withinMs, List<string> received, Func<ScriptArrival, bool> wanted,
        CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(withinMs), _spec.Clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        while (_closeCode is null)
        {
            ScriptArrival arrival;
            try
            {
                arrival = await connection.Arrivals.ReadAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return false;
            }

            if (arrival.CloseCode is not null)
            {
                _closeCode = arrival.CloseCode;
            }
            else if (wanted(arrival))
            {
                received.Add(arrival.Text);
                return true;
            }
            else if (arrival.IsPing)
            {
                await connection.SendAsync("{}", cancel).ConfigureAwait(false);
            }
            else
            {
                received.Add(arrival.Text);
            }
        }

        return false;
    }

    private async Task<bool> PublishAsync(string channel, int index, List<string> received, CancellationToken cancel)
    {
        if (_spec.Admin is null) throw new InvalidOperationException($"Script {_spec.Name} publishes, but no admin address is given.");
        using var http = new HttpClient { BaseAddress = _spec.Admin };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _spec.AdminToken);
        var data = new JsonObject { ["mid"] = $"{_spec.Name}/{index}", ["marker"] = _spec.Name };
        var body = new JsonObject { ["channel"] = channel, ["data"] = data }.ToJsonString();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        try
        {
            using var response = await http.PostAsync(new Uri("admin/publish", UriKind.Relative), content, cancel).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return true;
            received.Add($"(the admin API answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false)})");
        }
        catch (HttpRequestException e)
        {
            received.Add($"(the admin API did not answer: {e.Message})");
        }

        return false;
    }

    private static string? Sent(ScriptStepDefinition step) =>
        step.Send is not null ? ScriptFrame.Show(step.Send) : step.SendRaw ?? (step.PublishTo is null ? null : $"(admin) publish to {step.PublishTo}");

    private static string? Expected(ScriptStepDefinition step) => step switch
    {
        { Expect: not null } => step.Expect.ToJsonString(),
        { ExpectClose: not null } => new JsonObject { ["close"] = step.ExpectClose }.ToJsonString(),
        { ExpectSilence: true } => new JsonObject { ["silence_ms"] = step.WithinMs }.ToJsonString(),
        _ => null,
    };
}
