using System.Text;

namespace Chaos.Load.Scripts;

/// <summary>The bytes of a message that is written in parts, and its frames.</summary>
internal static class ScriptPayload
{
    public static byte[] Of(ScriptBytes bytes)
    {
        using var all = new MemoryStream();
        foreach (var part in bytes.Parts)
        {
            var once = part.Hex is null ? Encoding.UTF8.GetBytes(part.Text ?? "") : Convert.FromHexString(part.Hex);
            for (var i = 0; i < part.Repeat; i++) all.Write(once);
        }

        return all.ToArray();
    }

    /// <summary>The frames, as equal as they can be; some are empty when there are fewer bytes than frames.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Frames(byte[] all, int fragments)
    {
        for (var i = 0; i < fragments; i++)
        {
            var (from, to) = ((int)((long)all.Length * i / fragments), (int)((long)all.Length * (i + 1) / fragments));
            yield return all.AsMemory(from, to - from);
        }
    }
}
