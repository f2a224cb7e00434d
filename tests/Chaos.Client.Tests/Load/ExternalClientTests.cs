using Chaos.Load.External;
using Xunit;

namespace Chaos.Client.Tests.Load;

public sealed class ExternalClientTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("chaos-clients-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Folders_with_a_manifest_are_clients_and_others_are_not()
    {
        Directory.CreateDirectory(Path.Combine(_root, "notes"));
        Client("b", """{"name":"bee","summary":"A bee.","command":["x"]}""");
        Client("a", """{"name":"ant","command":["x"]}""");
        Assert.Equal(["ant", "bee"], ExternalClients.Discover(_root).Select(c => c.Name));
        Assert.Empty(ExternalClients.Discover(Path.Combine(_root, "missing")));
    }

    [Theory]
    [InlineData("""{"name":"Bee","command":["x"]}""", "lower-case")]
    [InlineData("""{"name":"bee"}""", "command")]
    [InlineData("""{"name":"bee","command":["x"],"comand":1}""", "comand")]
    [InlineData("""{"name":""", "client.json")]
    [InlineData("null", "name")]
    public void An_invalid_manifest_says_where_and_why(string manifest, string hint)
    {
        var folder = Client("a", manifest);
        var error = Assert.Throws<InvalidDataException>(() => ExternalClients.Discover(_root));
        Assert.Contains(Path.Combine(folder, "client.json"), error.Message);
        Assert.Contains(hint, error.Message);
    }

    [Fact]
    public void Two_clients_of_one_name_are_refused()
    {
        Client("a", """{"name":"bee","command":["x"]}""");
        Client("b", """{"name":"bee","command":["x"]}""");
        Assert.Contains("bee", Assert.Throws<InvalidDataException>(() => ExternalClients.Discover(_root)).Message);
    }

    [Fact]
    public void What_is_missing_on_this_machine_is_named()
    {
        var client = ExternalClient.Open(Client("a", """{"name":"bee","requires":["dotnet","no-such-program-here"],"command":["x"]}"""));
        Assert.Equal("no-such-program-here is not installed (no-such-program-here not found on PATH)", client.WhyUnavailable());
        Assert.Null(ExternalClient.Open(Client("b", """{"name":"cat","requires":["dotnet"],"command":["x"]}""")).WhyUnavailable());
    }

    [Fact]
    public async Task Installing_happens_once_until_its_inputs_change()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The install step of this test is a shell command.");
        var folder = Client("a", """{"name":"bee","command":["x"],"install":["sh","-c","echo run >> runs; touch stamp"],"stamp":"stamp","inputs":["lock"]}""");
        File.WriteAllText(Path.Combine(folder, "lock"), "1");
        var client = ExternalClient.Open(folder);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.PrepareAsync(CancellationToken.None)));
        Assert.Single(File.ReadAllLines(Path.Combine(folder, "runs")));

        File.SetLastWriteTimeUtc(Path.Combine(folder, "lock"), File.GetLastWriteTimeUtc(Path.Combine(folder, "stamp")).AddSeconds(1));
        await client.PrepareAsync(CancellationToken.None);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(folder, "runs")).Length);
    }

    [Theory]
    [InlineData("echo to-output; echo to-errors >&2; exit 3", "exit code 3", "to-errors")]
    [InlineData("true", "left no stamp behind", "")]
    public async Task An_install_step_that_fails_tells_what_it_said(string command, string why, string said)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The install step of this test is a shell command.");
        var folder = Client("a", $$"""{"name":"bee","command":["x"],"install":["sh","-c","{{command}}"],"stamp":"stamp","inputs":[]}""");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ExternalClient.Open(folder).PrepareAsync(CancellationToken.None));
        Assert.Contains(why, error.Message);
        Assert.Contains(said, error.Message);
    }

    private string Client(string folder, string manifest)
    {
        var path = Directory.CreateDirectory(Path.Combine(_root, folder)).FullName;
        File.WriteAllText(Path.Combine(path, "client.json"), manifest);
        return path;
    }
}
