namespace Chaos.Proxy.Faults;

/// <summary>The moments of a plain HTTP request at which a fault can act.</summary>
internal static class HttpMoment
{
    private const string Request = "request";
    private const string Answer = "answer";

    public static AttributeSpec Attribute(string description) => new("where", AttributeKind.Text, description, Request, Choices: [Request, Answer]);

    public static bool IsAnswer(AttributeValues values) => values.Text("where") == Answer;
}
