using System.CommandLine;
using System.Text.Json;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Spectre.Console;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos alerts owner</c>: who is on call.</summary>
internal static class AlertsOwnerCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var arguments = new AlertArguments();
        var team = new Argument<string?>("TEAM") { Description = "Only this team.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("owner", "Says who is on call, since when, until when, and what says so. Times are in each team's own zone.") { team, arguments.At, arguments.OnCall, json };
        command.SetAction(parsed =>
        {
            if (arguments.LoadOnCall(parsed) is not { } onCall) return ExitCodes.Usage;
            var name = parsed.GetValue(team);
            var teams = onCall.Teams.Where(t => name is null || t.Name == name).ToList();
            if (teams.Count == 0) throw new UsageException($"there is no team {name}. There are: {string.Join(", ", onCall.Teams.Select(t => t.Name))}.");
            var owners = AlertArguments.Owners(teams, arguments.Moment(parsed));
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(owners.Select(o => new
                {
                    Team = o.Team.Name, o.Who, Since = AlertArguments.Shown(o.Since), Until = AlertArguments.Shown(o.Until), o.By,
                    onCall.People.First(p => p.Name == o.Who).Email, onCall.People.First(p => p.Name == o.Who).Webhook,
                }), Indented));
                return ExitCodes.Of(Outcome.Passed);
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("team", "on call", "since", "until", "by");
            foreach (var o in owners) table.AddRow(new Text(o.Team.Name), new Text(o.Who!), new Text(AlertArguments.Shown(o.Since)), new Text(AlertArguments.Shown(o.Until)), new Text(o.By));
            Screen.Write(table);
            return ExitCodes.Of(Outcome.Passed);
        });
        return command;
    }
}
