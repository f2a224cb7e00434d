using Spectre.Console;
using Spectre.Console.Rendering;

namespace Chaos.Cli.Terminal;

/// <summary>Standard output for tables and coloured text: as wide as the terminal, and wide enough for a table where there is none.</summary>
internal static class Screen
{
    private const int WidthOfLogs = 180;

    private static readonly IAnsiConsole Output = Create();

    public static void Write(IRenderable renderable) => Output.Write(renderable);

    private static IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected) console.Profile.Width = WidthOfLogs;
        return console;
    }
}
