using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Load.Fleets;
using Chaos.Load.Tokens;

namespace Chaos.Load.Scripts;

/// <summary>
/// Runs a script on a raw connection of its own and writes a script.step event for each step. Pings are answered, and left out
/// of what is recorded, unless a step expects an empty object. A step that fails does not end the script: what follows is evidence too.
/// </summary>
/// <param name="name">Name of the script; also the label <c>client</c> of its connection.</param>
/// <param name="url">Address to connect to, such as <c>ws://127.0.0.1:4000/connection/websocket</c>.</param>
/// <param name="steps">What is sent and expected, in order.</param>
/// <param name="tokens">Tokens that steps may use as <c>$name</c>; issued when the script starts.</param>
/// <param name="issuer">Issues the tokens.</param>
/// <param name="admin">Serves steps that publish.</param>
/// <param name="journal">Where events go.</param>
/// <param name="clock">The run's clock.</param>
public sealed class ScriptRunner(string name, Uri url, IReadOnlyList<ScriptStepDefinition> steps, IReadOnlyDictionary<string, ScriptToken> tokens,
    TokenIssuer issuer, AdminClient admin, IJournal journal, Clock clock)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, string> _issued = [];
    private int? _closeCode;

    /// <summary>Runs the script once.</summary>
    /// <returns>True when every step went as expected.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the steps until then are in the journal.</exception>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        foreach (var token in tokens) _issued[token.Key] = issuer.Issue(token.Value);
        await using var connection = new ScriptConnection();
        var failure = await ConnectAsync(connection, cancel).ConfigureAwait(false);
        var matched = true;
        for (var index = 0; index < steps.Count; index++)
        {
            var step = steps[index];
            var began = clock.NowUs;
            var received = new List<string>();
            if (failure is not null) received.Add(failure);
            var ok = failure is null && await StepAsync(connection, step, index, received, cancel).ConfigureAwait(false);
            matched &= ok;
            var now = clock.NowUs;
            journal.Write(new ScriptStep(name, index, Sent(step), Expected(step), [.. received], _closeCode, (now - began) / 1000.0, ok) { At = now });
        }

        return matched;
    }

    /// <summary>Null, or why there is no connection.</summary>
    private async Task<string?> ConnectAsync(ScriptConnection connection, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(ConnectTimeout, clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            await connection.ConnectAsync(url.For(name), either.Token).ConfigureAwait(false);
            return null;
        }
        catch (WebSocketException e)
        {
            return $"(no connection: {e.Message})";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"(no connection within {ConnectTimeout.TotalSeconds} s)";
        }
    }

    private async Task<bool> StepAsync(ScriptConnection connection, ScriptStepDefinition step, int index, List<string> received, CancellationToken cancel)
    {
        if (step.Send is not null) return await connection.SendAsync(ScriptFrame.Build(step.Send, _issued), cancel).ConfigureAwait(false);
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
        throw new InvalidOperationException($"Step {index} of script {name} is empty.");
    }

    /// <summary>Takes what has come and comes until one message is wanted; false at the deadline or when the connection is over.</summary>
    private async Task<bool> ReceiveAsync(ScriptConnection connection, double withinMs, List<string> received, Func<ScriptArrival, bool> wanted,
        CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(withinMs), clock.Time);
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
        try
        {
            await admin.PublishAsync(channel, new JsonObject { ["mid"] = $"{name}/{index}", ["marker"] = name }, cancel).ConfigureAwait(false);
            return true;
        }
        catch (HttpRequestException e)
        {
            // A marker that was never published would make the silence after it worthless.
            received.Add($"({e.Message})");
            journal.Write(new HarnessFailed($"script {name}", $"Step {index} could not publish to {channel}: {e.Message}") { At = clock.NowUs });
            return false;
        }
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
