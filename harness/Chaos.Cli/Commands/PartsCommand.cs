using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Chaos.Cli.Hosting;
using Chaos.Experiments.Engine.Processes;

namespace Chaos.Cli.Commands;

/// <summary>
/// <c>chaos parts</c>: a process that is one part of a world after another. Most of what a new process does is to compile itself; one that
/// has been a gateway before is one again at once, and leaves the processors to what is judged. See <see cref="PartProcess"/> for what is said
/// on its standard input and output.
/// </summary>
internal static class PartsCommand
{
    public static Command Create()
    {
        // The engine's own: to people it is of no use.
        var command = new Command("parts", "Runs one part of a world after another, as its standard input says.") { Hidden = true };
        command.SetAction(async (_, _) =>
        {
            // A terminal sends Ctrl-C to every process of the group; between two parts, too, the engine says when it is over.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => c.Cancel = true);
            var orders = Console.In;
            while (orders.ReadLine() is { } line)
            {
                var input = new PartInput();
                Console.SetIn(input);
                var part = ChaosCommand.RunAsync(JsonSerializer.Deserialize<string[]>(line)!);
                var told = input.FeedAsync(orders);
                // A part that ends by itself takes its process along, and the engine sees that.
                if (await Task.WhenAny(part, told) == part || !await told) return await part;
                var code = await part;
                // What is left of it is not to be collected while the next one is measured.
                GC.Collect();
                Console.Out.WriteLine(PartProcess.Over(code));
            }

            return 0;
        });
        return command;
    }
}
