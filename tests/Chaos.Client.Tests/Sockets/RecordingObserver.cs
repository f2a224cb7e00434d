using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Xunit;

namespace Chaos.Client.Tests.Sockets;

/// <summary>Records what a client's application sees, with the time, and waits for it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to dispose.")]
internal sealed class RecordingObserver : IClientObserver, ITokenSource
{
    private readonly ConcurrentQueue<(string What, TimeSpan At)> _seen = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly long _origin = Stopwatch.GetTimestamp();

    public Action<string>? OnSeen { get; set; }
    public Func<ValueTask<string>> ConnectToken { get; set; } = () => ValueTask.FromResult("token");

    public IReadOnlyList<string> Seen => [.. _seen.Select(s => s.What)];
    public TimeSpan Now => Stopwatch.GetElapsedTime(_origin);

    public TimeSpan When(string start) => _seen.First(s => s.What.StartsWith(start, StringComparison.Ordinal)).At;

    public Task UntilAsync(string start, int times = 1) => UntilAsync(() => Seen.Count(s => s.StartsWith(start, StringComparison.Ordinal)) >= times, start);

    public async Task UntilAsync(Func<bool> holds, string what)
    {
        var deadline = Stopwatch.GetTimestamp();
        while (!holds())
        {
            var left = TimeSpan.FromSeconds(60) - Stopwatch.GetElapsedTime(deadline);
            Assert.True(left > TimeSpan.Zero && await _changed.WaitAsync(left, TestContext.Current.CancellationToken), $"never saw '{what}', only:\n{string.Join('\n', Seen)}");
        }
    }

    public ValueTask<string> ConnectTokenAsync(CancellationToken cancel) => ConnectToken();

    public ValueTask<string?> SubscribeTokenAsync(string channel, CancellationToken cancel) => ValueTask.FromResult<string?>(null);

    public void Attempt(int attempt, double delayMs) => See($"attempt {attempt}");

    public void Connected(string? session, bool resumed, string? node) => See($"connected {session} {resumed}");

    public void Disconnected(string cause, int? code, string? reason, bool terminal) => See($"disconnected {cause} {code} {terminal} {reason}");

    public void Subscribed(string channel, bool wasRecovering, bool recovered, string? epoch, long offset) => See($"subscribed {channel} {recovered} {offset}");

    public void Unsubscribed(string channel, int code, string? reason) => See($"unsubscribed {channel} {code}");

    public void Publication(string channel, JsonElement data, long offset) => See($"publication {offset} {data.GetRawText().Length}");

    public void PublishAcked(string channel, string mid) => See($"acked {mid}");

    public void PublishFailed(string channel, string mid, int code, string message) => See($"failed {mid} {code}");

    public void Token(string purpose) => See($"token {purpose}");

    public void Error(int? code, string message) => See($"error {code} {message}");

    private void See(string what)
    {
        _seen.Enqueue((what, Now));
        OnSeen?.Invoke(what);
        _changed.Release();
    }
}
