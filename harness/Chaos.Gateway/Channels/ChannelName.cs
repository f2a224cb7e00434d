using System.Text;

namespace Chaos.Gateway.Channels;

/// <summary>Names end up in keys and in messages between nodes: no control characters, no spaces, no line breaks.</summary>
internal static class ChannelName
{
    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Flaw(string channel, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(channel) > maxBytes) return "the channel's name is too long";
        return channel.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "the channel's name has a space or control character" : null;
    }
}
