using System.Text.Json;
using Chaos.Client.Parts;
using Chaos.Client.Protocol;

namespace Chaos.Client.Machine;

/// <summary>The session the client is in, and the token that resumes it. The token travels in the connect command's and reply's application
/// data, as <c>resume</c>; the reply's data says <c>"resumed":true</c> when it was honoured.</summary>
internal sealed class Session(IResume resume)
{
    private string? _token;
    private bool _offered;

    /// <summary>Id of the session, or of the connection where the gateway names no session.</summary>
    public string? Id { get; private set; }

    public string? Offer()
    {
        var token = resume.Offer(_token);
        _offered = token is not null;
        return token;
    }

    /// <summary>Takes a connect reply.</summary>
    /// <returns>True when the session went on.</returns>
    public bool Take(JsonElement reply)
    {
        var id = reply.Text("session"u8) is { Length: > 0 } session ? session : reply.Text("client"u8);
        var data = reply.Member("data"u8) ?? default;
        // A gateway that does not say so shows it by keeping the session's name.
        var resumed = _offered && (data.Member("resumed"u8) is { } told ? told.ValueKind == JsonValueKind.True : id is not null && id == Id);
        Id = id;
        if (data.Text("resume"u8) is { } token)
            _token = token;
        return resumed;
    }
}
