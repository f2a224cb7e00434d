using System.Text.Json;
using Chaos.Experiments.Files;
using Chaos.Gateway.Settings;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Chaos.Cli.Tests;

/// <summary>docker-compose.yml, as far as it can be looked at without an engine: what it names exists, and fits together.</summary>
public sealed class ComposeFileTests
{
    private static readonly Dictionary<string, Service> Services = Read();
    private static readonly JsonElement[] Proxies = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(ChaosProcess.Root, "compose", "proxy.json"))).RootElement.EnumerateArray()];
    private static readonly string[] Dockerfile = File.ReadAllLines(Path.Combine(ChaosProcess.Root, "Dockerfile"));

    [Fact]
    public void It_starts_a_gateway_and_its_redis_in_each_region_and_the_proxy() =>
        Assert.Equal(["gateway-ap", "gateway-eu", "gateway-us", "proxy", "redis-ap", "redis-eu", "redis-us"], Services.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void It_is_the_world_of_three_regions_link_by_link_and_with_its_distances()
    {
        var (world, errors) = ExperimentFiles.LoadWorld(Path.Combine(ChaosProcess.Root, "experiments", "worlds", "three-regions.yaml"));
        Assert.Empty(errors);
        Assert.Equal(world!.Links.Select(l => l.Name).Order(StringComparer.Ordinal), Proxies.Select(p => p.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        foreach (var link in world.Links.Where(l => l.To is not null))
        {
            var toxics = Proxies.Single(p => p.GetProperty("name").GetString() == link.Name).GetProperty("toxics").EnumerateArray();
            Assert.Equal(world.RoundTripMs(link.Region, link.To!), toxics.Sum(t => t.GetProperty("attributes").GetProperty("latency").GetDouble()));
        }
    }

    [Theory]
    [InlineData("eu")]
    [InlineData("us")]
    [InlineData("ap")]
    public void A_gateway_reaches_its_store_and_the_others_through_the_proxy(string region)
    {
        var settings = GatewaySettings.Load(Path.Combine(ChaosProcess.Root, "compose", $"gateway-{region}.json"));
        Assert.Equal(region, settings.Region);
        Assert.Equal($"proxy:{PortOf($"{region}.redis")}", Services[$"gateway-{region}"].Command.SkipWhile(w => w != "--redis").ElementAt(1));
        Assert.Equal(2, settings.Replication.Peers.Count);
        foreach (var (peer, address) in settings.Replication.Peers) Assert.Equal($"proxy:{PortOf($"{region}→{peer}.replication")}", address);
    }

    [Fact]
    public void Its_images_and_mounted_files_are_in_the_tree()
    {
        foreach (var service in Services.Values)
        {
            if (service.Build is { } build) Assert.Contains(Dockerfile, line => line.StartsWith("FROM ", StringComparison.Ordinal) && line.EndsWith($" AS {build.Target}", StringComparison.Ordinal));
            foreach (var volume in service.Volumes) Assert.True(File.Exists(Path.Combine(ChaosProcess.Root, volume.Split(':')[0])), volume);
        }
    }

    [Fact]
    public void Everything_that_waits_for_another_service_names_one() =>
        Assert.All(Services.Values.SelectMany(s => s.DependsOnNames), name => Assert.Contains(name, Services.Keys));

    [Fact]
    public void Published_ports_are_those_the_proxy_listens_on()
    {
        var listening = Proxies.Select(p => p.GetProperty("listen").GetString()!.Split(':')[1]).Append("8474").ToList();

        Assert.NotEmpty(Services["proxy"].Ports);
        Assert.All(Services["proxy"].Ports, port => Assert.Contains(port.Split(':')[^1], listening));
        Assert.All(Services["proxy"].Ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("proxy")]
    [InlineData("gateway")]
    public async Task The_options_in_an_image_are_options_of_its_command(string target)
    {
        var words = Words(target, "ENTRYPOINT").Concat(Words(target, "CMD")).ToArray();

        var (exitCode, help, errors) = await ChaosProcess.RunAsync(target, "--help");

        Assert.True(exitCode == 0, errors);
        Assert.Contains(words, word => word == target || word.EndsWith($"/chaos-{target}", StringComparison.Ordinal));
        Assert.All(words.Where(w => w.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(option, help, StringComparison.Ordinal));
    }

    [Fact]
    public void Projects_that_the_images_are_built_from_are_in_the_tree()
    {
        var published = Dockerfile.Where(line => line.StartsWith("RUN dotnet publish ", StringComparison.Ordinal)).Select(line => line.Split(' ')[3]).ToArray();
        Assert.Equal(2, published.Length);
        Assert.All(published, folder => Assert.NotEmpty(Directory.GetFiles(Path.Combine(ChaosProcess.Root, folder), "*.csproj")));
    }

    [Fact]
    public void Its_proxy_file_is_one_that_the_proxy_accepts()
    {
        var mounted = Services["proxy"].Volumes.Single().Split(':');
        Assert.Contains(mounted[1], Words("proxy", "CMD"));
        Assert.Equal("compose/proxy.json", mounted[0].TrimStart('.', '/'));
    }

    // The words of an instruction in a stage of the Dockerfile.
    private static string[] Words(string target, string instruction)
    {
        var stage = Dockerfile.SkipWhile(line => !line.EndsWith($" AS {target}", StringComparison.Ordinal)).Skip(1).TakeWhile(line => !line.StartsWith("FROM ", StringComparison.Ordinal));
        return JsonSerializer.Deserialize<string[]>(stage.Single(line => line.StartsWith(instruction + " ", StringComparison.Ordinal))[(instruction.Length + 1)..])!;
    }

    private static string PortOf(string link) => Proxies.Single(p => p.GetProperty("name").GetString() == link).GetProperty("listen").GetString()!.Split(':')[1];

    private static Dictionary<string, Service> Read() => new DeserializerBuilder().IgnoreUnmatchedProperties().Build()
        .Deserialize<Compose>(new MergingParser(new Parser(new StringReader(File.ReadAllText(Path.Combine(ChaosProcess.Root, "docker-compose.yml")))))).Services;

    private sealed class Compose
    {
        [YamlMember(Alias = "services")]
        public Dictionary<string, Service> Services { get; set; } = [];
    }

    private sealed class Service
    {
        [YamlMember(Alias = "build")]
        public Build? Build { get; set; }

        [YamlMember(Alias = "command")]
        public List<string> Command { get; set; } = [];

        [YamlMember(Alias = "volumes")]
        public List<string> Volumes { get; set; } = [];

        [YamlMember(Alias = "ports")]
        public List<string> Ports { get; set; } = [];

        /// <summary>A list of names, or names with conditions.</summary>
        [YamlMember(Alias = "depends_on")]
        public object? DependsOn { get; set; }

        [YamlIgnore]
        public IEnumerable<string> DependsOnNames => DependsOn switch
        {
            IEnumerable<object> list => list.Cast<string>(),
            IDictionary<object, object> named => named.Keys.Cast<string>(),
            _ => [],
        };
    }

    private sealed class Build
    {
        [YamlMember(Alias = "target")]
        public string Target { get; set; } = "";
    }
}
