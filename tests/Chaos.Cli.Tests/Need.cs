using Chaos.Load.External;

namespace Chaos.Cli.Tests;

/// <summary>
/// What some tests need of the machine. Without it a test is skipped with the reason; where <c>CHAOS_REQUIRE_ALL=1</c> says that everything must be
/// there, it fails.
/// </summary>
internal static class Need
{
    /// <summary>A program on PATH.</summary>
    public static void Program(string name) => There(Programs.Find(name) is not null, $"there is no {name} on PATH");

    /// <summary>A container engine with an image of Redis.</summary>
    /// <returns>Name of the image.</returns>
    public static string RedisImage()
    {
        var image = Environment.GetEnvironmentVariable("CHAOS_REDIS_IMAGE");
        There(image is not null && Environment.GetEnvironmentVariable("DOCKER_HOST") is not null, "DOCKER_HOST and CHAOS_REDIS_IMAGE name no container engine and image (tests/containers/engine.sh starts one)");
        return image!;
    }

    /// <summary>Whatever else.</summary>
    /// <param name="there">Whether it is there.</param>
    /// <param name="missing">What is to be said otherwise.</param>
    public static void There(bool there, string missing)
    {
        if (!there && Environment.GetEnvironmentVariable("CHAOS_REQUIRE_ALL") == "1") Assert.Fail($"CHAOS_REQUIRE_ALL is set, but {missing}");
        Assert.SkipUnless(there, missing);
    }
}
