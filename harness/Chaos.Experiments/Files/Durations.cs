using System.Globalization;
using System.Text.RegularExpressions;

namespace Chaos.Experiments.Files;

/// <summary>Durations as files write them: a number and its unit, <c>3s</c>, <c>250ms</c>, <c>1.5m</c>, <c>1h</c>.</summary>
public static partial class Durations
{
    /// <summary>Regular expression of a duration that is not negative, as in the published schema.</summary>
    public const string Pattern = @"^[0-9]{1,9}(\.[0-9]{1,6})?(ms|s|m|h)$";

    /// <summary>The same with an optional minus sign.</summary>
    public const string SignedPattern = @"^-?[0-9]{1,9}(\.[0-9]{1,6})?(ms|s|m|h)$";

    /// <summary>Reads a duration, also a negative one.</summary>
    /// <returns>False when the text is no duration.</returns>
    public static bool TryParse(string? text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text is null || Form().Match(text) is not { Success: true } match) return false;
        var number = decimal.Parse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        var ticks = number * match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            _ => TimeSpan.TicksPerHour,
        };
        if (Math.Abs(ticks) > long.MaxValue) return false;
        value = TimeSpan.FromTicks((long)(text[0] == '-' ? -ticks : ticks));
        return true;
    }

    /// <summary>Writes a duration in the largest unit that holds it as a whole number, else in milliseconds; exact to the tick (100 ns).</summary>
    public static string Format(TimeSpan value)
    {
        var sign = value < TimeSpan.Zero ? "-" : "";
        var ticks = Math.Abs((decimal)value.Ticks);
        var (unit, size) = ticks switch
        {
            0 => ("s", TimeSpan.TicksPerSecond),
            _ when ticks % TimeSpan.TicksPerHour == 0 => ("h", TimeSpan.TicksPerHour),
            _ when ticks % TimeSpan.TicksPerMinute == 0 => ("m", TimeSpan.TicksPerMinute),
            _ when ticks % TimeSpan.TicksPerSecond == 0 => ("s", TimeSpan.TicksPerSecond),
            _ => ("ms", TimeSpan.TicksPerMillisecond),
        };
        return sign + (ticks / size).ToString("0.####", CultureInfo.InvariantCulture) + unit;
    }

    [GeneratedRegex(@"\A-?(?<number>[0-9]{1,18}(\.[0-9]{1,6})?)(?<unit>ms|s|m|h)\z")]
    private static partial Regex Form();
}
