using System.Diagnostics;
using Xunit;

namespace Chaos.Conformance.Worlds;

/// <summary>Waits for a condition instead of for a time.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<bool> condition, double seconds = 60)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(began).TotalSeconds > seconds) Assert.Fail($"not within {seconds} s");
            await Task.Delay(5);
        }
    }

    /// <summary>Asks again and again until the answer is a success.</summary>
    public static async Task UntilAsync(Func<Task<HttpResponseMessage>> ask, double seconds = 60)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await ask();
            if (answer.IsSuccessStatusCode) return;
            if (Stopwatch.GetElapsedTime(began).TotalSeconds > seconds) Assert.Fail($"not within {seconds} s: {answer}");
            await Task.Delay(5);
        }
    }
}
