using System.Diagnostics;
using Xunit;

namespace Chaos.Client.Tests.Load;

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
}
