namespace Chaos.Reports.Html;

/// <summary>The frame of every page: head, style, body.</summary>
internal static class Page
{
    private static readonly Lazy<string> Style = new(() =>
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream("style.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    // The policy makes the browser itself refuse anything that would come from elsewhere, or run.
    public static Markup Wrap(string title, Markup body) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{title}</title>
        <style>
        {new Markup(Style.Value)}
        </style>
        </head>
        <body>
        {body}
        </body>
        </html>

        """);
}
