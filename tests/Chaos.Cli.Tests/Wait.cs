namespace Chaos.Cli.Tests;

/// <summary>Waits for conditions.</summary>
internal static class Wait
{
    /// <summary>Looks again and again until <paramref name="condition"/> holds; fails with <paramref name="what"/> when it does not in time.</summary>
    public static Task UntilAsync(Func<bool> condition, TimeSpan within, Func<string> what) => UntilAsync(() => Task.FromResult(condition()), within, what);

    /// <summary>The same, where looking takes time.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> what)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        while (!await condition())
        {
            Assert.True(time.GetElapsedTime(start) < within, $"Not within {within.TotalSeconds:0.#} s: {what()}");
            await Task.Delay(20);
        }
    }
}
