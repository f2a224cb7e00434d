using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Chaos.Load.Scripts;

/// <summary>Does what a step says. What comes is kept as it came; the runner's own remarks stand in brackets.</summary>
internal sealed class ScriptActions(string script, ScriptConnections connections, ScriptVariables variables, AdminClient admin, TimeProvider time)
{
    /// <summary>True when the step went as expected.</summary>
    public async Task<bool> RunAsync(ScriptStepDefinition step, int index, List<string> received, CancellationToken cancel)
    {
        var on = step.On ?? ScriptConnections.Main;
        switch (step)
        {
            case { PauseMs: { } pause }:
                await Task.Delay(TimeSpan.FromMilliseconds(pause), time, cancel).ConfigureAwait(false);
                return true;
            case { Disconnect: true }:
                await connections.DropAsync(on).ConfigureAwait(false);
                return true;
            case { PublishTo: not null }:
                return await PublishAsync(step, index, received, cancel).ConfigureAwait(false);
            case { Admin: { } call }:
                return await CallAsync(step, call, received, cancel).ConfigureAwait(false);
            case { Open: { } open }:
                var (opened, _) = await connections.OpenAsync(on, open, cancel).ConfigureAwait(false);
                received.Add(new JsonObject { ["status"] = opened.Status }.ToJsonString());
                return opened.Status == open.Status;
        }

        var (connection, failure) = await connections.GetAsync(on, cancel).ConfigureAwait(false);
        if (failure is null) return await TalkAsync(connection, step, received, cancel).ConfigureAwait(false);
        received.Add($"({failure})");
        return false;
    }

    private async Task<bool> TalkAsync(ScriptConnection connection, ScriptStepDefinition step, List<string> received, CancellationToken cancel)
    {
        switch (step)
        {
            case { Send: not null }:
                return await connection.SendAsync(variables.Frame(step.Send), cancel).ConfigureAwait(false);
            case { SendRaw: not null }:
                return await connection.SendAsync(step.SendRaw, cancel).ConfigureAwait(false);
            case { SendBytes: { } bytes }:
                for (var i = 0; i < step.Repeat; i++) await SendAsync(connection, bytes, cancel).ConfigureAwait(false);
                return true;
            case { Expect: not null }:
                var wanted = variables.Resolve(step.Expect);
                var found = await connection.TakeAsync(step.WithinMs, received, arrival => ScriptMatcher.Matches(wanted, arrival.Json), cancel).ConfigureAwait(false);
                variables.Capture(step.Capture, found?.Json);
                return found is not null;
            case { ExpectClose: not null }:
                await connection.TakeAsync(step.WithinMs, received, _ => false, cancel).ConfigureAwait(false);
                return connection.CloseCode == step.ExpectClose;
            case { ExpectSilence: true }:
                // Anything but a ping ends it, and so does the end of the connection.
                return await connection.TakeAsync(step.WithinMs, received, arrival => !arrival.IsPing, cancel).ConfigureAwait(false) is null && connection.CloseCode is null;
            default:
                throw new InvalidOperationException($"A step of script {script} is empty.");
        }
    }

    /// <summary>A gateway may close before the last frame is sent: that is for the step after this one to judge.</summary>
    private async Task SendAsync(ScriptConnection connection, ScriptBytes bytes, CancellationToken cancel)
    {
        var left = bytes.Fragments;
        foreach (var frame in ScriptPayload.Frames(ScriptPayload.Of(bytes), bytes.Fragments))
        {
            left--;
            if (!await connection.SendAsync(frame, bytes.Binary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, left == 0 && bytes.Finished, cancel).ConfigureAwait(false))
                return;
            if (left > 0 && bytes.EveryMs > 0) await Task.Delay(TimeSpan.FromMilliseconds(bytes.EveryMs), time, cancel).ConfigureAwait(false);
        }
    }

    private async Task<bool> CallAsync(ScriptStepDefinition step, ScriptAdminCall call, List<string> received, CancellationToken cancel)
    {
        try
        {
            var (status, answer) = await admin.CallAsync(call, variables.Resolve(call.Body) as JsonObject, cancel).ConfigureAwait(false);
            var came = new JsonObject { ["status"] = status, ["answer"] = answer };
            received.Add(came.ToJsonString());
            variables.Capture(step.Capture, answer);
            return ScriptMatcher.Matches(variables.Resolve(call.Wanted()), came);
        }
        catch (HttpRequestException e)
        {
            received.Add($"(no answer: {e.Message})");
            return false;
        }
    }

    private async Task<bool> PublishAsync(ScriptStepDefinition step, int index, List<string> received, CancellationToken cancel)
    {
        try
        {
            for (var i = 0; i < step.Repeat; i++)
            {
                var mid = step.Repeat == 1 ? $"{script}/{index}" : $"{script}/{index}/{i}";
                await admin.PublishAsync(step.PublishTo!, new JsonObject { ["mid"] = mid, ["marker"] = script }, cancel).ConfigureAwait(false);
            }

            return true;
        }
        catch (HttpRequestException e)
        {
            received.Add($"({e.Message})");
            return false;
        }
    }
}
