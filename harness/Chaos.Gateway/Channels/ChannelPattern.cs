using System.Text.RegularExpressions;
using Chaos.Gateway.Auth;

namespace Chaos.Gateway.Channels;

/// <summary>A pattern of channel names: <c>*</c> is any text, <c>{tenant}</c> and <c>{user}</c> stand for those of the connection.</summary>
internal sealed class ChannelPattern(string pattern)
{
    private readonly bool _personal = pattern.Contains("{tenant}", StringComparison.Ordinal) || pattern.Contains("{user}", StringComparison.Ordinal);
    private readonly string[] _parts = pattern.Split('*');

    public bool Matches(string channel, Identity? who)
    {
        if (!_personal) return Matches(channel, _parts);
        if (who is null) return false;
        // Filled in part by part, so that a star in a user's name stays a star and does not become a wildcard.
        var parts = Array.ConvertAll(_parts, p => Placeholder.Replace(p, m => m.Value == "{tenant}" ? who.Tenant : who.User));
        return Matches(channel, parts);
    }

    private static readonly Regex Placeholder = new(@"\{tenant\}|\{user\}", RegexOptions.CultureInvariant);

    private static bool Matches(string text, string[] parts)
    {
        if (parts.Length == 1) return text == parts[0];
        if (!text.StartsWith(parts[0], StringComparison.Ordinal)) return false;
        var at = parts[0].Length;
        for (var i = 1; i < parts.Length - 1; i++)
        {
            var found = text.IndexOf(parts[i], at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + parts[i].Length;
        }
        var last = parts[^1];
        return text.Length - at >= last.Length && text.EndsWith(last, StringComparison.Ordinal);
    }
}
