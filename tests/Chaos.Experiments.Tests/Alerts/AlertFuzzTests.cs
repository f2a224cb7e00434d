using Chaos.Experiments.Tests.Files;
using CsCheck;
using Xunit;

namespace Chaos.Experiments.Tests.Alerts;

/// <summary>Whatever stands in the files of alerts and of who is on call, reading them ends in alerts or in errors.</summary>
public sealed class AlertFuzzTests
{
    private static readonly string[] Pieces =
    [
        ":", "- ", "{", "}", "[", "]", "\"", "'", "\n", "  ", "null", "~", "true", "-1", "1e999", "3", "5m", "0s", "[]", "{}", "ratio", "burn_rate", "unreachable", "Europe/Berlin", "America/New_York", "UTC",
        "2026-03-29T02:30", "2026-13-01T00:00", "99:99", "{ from: \"08:00\", to: \"20:00\" }", "(", "*", "=~", "ü", "\U0001F4A5",
    ];

    private static readonly Gen<Func<string, string>> Mutation =
        Gen.OneOf(Mutations.Insert(Pieces), Mutations.Remove(20), Mutations.ExchangeValue(), Mutations.SetValue(Pieces));

    [Fact]
    public void Mutated_files_load_or_give_errors_and_never_throw()
    {
        using var folder = new AlertFolder();
        var (loaded, refused) = (0, 0);
        Gen.Select(Mutation.Array[0, 3], Mutation.Array[0, 3]).Sample((alerts, onCall) =>
        {
            folder.Write("alerts.yaml", alerts.Aggregate(AlertFolder.Alerts, (s, mutate) => mutate(s)));
            folder.Write("on-call.yaml", onCall.Aggregate(AlertFolder.OnCall, (s, mutate) => mutate(s)));
            var (owned, errors) = folder.Load();
            Assert.Equal(owned is null, errors.Count > 0);
            Assert.All(errors, error =>
            {
                Assert.Contains(error.File, new[] { "alerts.yaml", "on-call.yaml" });
                Assert.True(error.Line >= 1 && error.Column >= 1, error.ToString());
                Assert.True(error.Message.Length is > 5 and < 400 && error.Hint.Length > 3 && error.Hint[^1] is '.' or '?', error.ToString());
                Assert.DoesNotContain('\n', error.ToString());
            });
            if (errors.Count == 0) loaded++;
            else refused++;
        }, iter: 600, threads: 1);
        Assert.True(loaded > 20 && refused > 100, $"{loaded} loaded, {refused} refused: the mutations do not reach both.");
    }
}
