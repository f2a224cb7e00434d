namespace Chaos.Proxy.Links;

/// <summary>Which way bytes flow.</summary>
internal enum Direction
{
    /// <summary>From the client to the upstream.</summary>
    Upstream,

    /// <summary>From the upstream to the client.</summary>
    Downstream,
}

/// <summary>Which directions a fault acts on.</summary>
[Flags]
internal enum Directions
{
    None = 0,
    Upstream = 1,
    Downstream = 2,
    Both = 3,
}

internal static class DirectionNames
{
    public static string Name(this Direction direction) => direction == Direction.Upstream ? "upstream" : "downstream";

    public static string Name(this Directions directions) => directions switch
    {
        Directions.Upstream => "upstream",
        Directions.Downstream => "downstream",
        _ => "both",
    };

    public static bool Has(this Directions directions, Direction direction) =>
        (directions & (direction == Direction.Upstream ? Directions.Upstream : Directions.Downstream)) != 0;

    /// <summary>Parses a name in any case; <see cref="Directions.None"/> if it is none.</summary>
    public static Directions Parse(string name) => name.ToUpperInvariant() switch
    {
        "UPSTREAM" => Directions.Upstream,
        "DOWNSTREAM" => Directions.Downstream,
        "BOTH" => Directions.Both,
        _ => Directions.None,
    };
}
