using Chaos.Experiments.Tests.Files;
using CsCheck;
using Xunit;

namespace Chaos.Experiments.Tests.Rehearsals;

/// <summary>Whatever stands in a runbook, reading it ends in a runbook or in errors.</summary>
public sealed class RunbookFuzzTests
{
    private static readonly string[] Pieces =
    [
        ":", "- ", "{", "}", "[", "]", "\"", "\n", "  ", "null", "true", "-1", "1e999", "3", "5m", "0s", "[]", "{}", "reroute", "limit", "rollback", "latency", "eu.redis", "eu.gateway-1", "store-slow", "above", "hottest", "ü", "\U0001F4A5",
    ];

    private static readonly Gen<Func<string, string>> Mutation = Gen.OneOf(Mutations.Insert(Pieces), Mutations.Remove(20), Mutations.SetValue(Pieces));

    [Fact]
    public void Mutated_runbooks_load_or_give_errors_and_never_throw()
    {
        using var folder = new RunbookFolder();
        var (loaded, refused) = (0, 0);
        Mutation.Array[0, 2].Sample(mutations =>
        {
            folder.Write("live.yaml", mutations.Aggregate(RunbookFolder.Runbook, (s, mutate) => mutate(s)));
            var (runbook, errors) = folder.Load();
            Assert.Equal(runbook is null, errors.Count > 0);
            Assert.All(errors, error =>
            {
                Assert.Equal("live.yaml", error.File);
                Assert.True(error.Line >= 1 && error.Column >= 1, error.ToString());
                Assert.True(error.Message.Length is > 5 and < 400 && error.Hint.Length > 3 && error.Hint[^1] is '.' or '?', error.ToString());
                Assert.DoesNotContain('\n', error.ToString());
            });
            if (errors.Count == 0) loaded++;
            else refused++;
        }, iter: 500, threads: 1);
        Assert.True(loaded > 20 && refused > 100, $"{loaded} loaded, {refused} refused: the mutations do not reach both.");
    }
}
