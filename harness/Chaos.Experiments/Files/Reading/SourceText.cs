using System.Text;

namespace Chaos.Experiments.Files.Reading;

/// <summary>Reads a file as UTF-8 text, or says why it cannot be.</summary>
internal static class SourceText
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const int LimitBytes = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The file's text, or null with an error added.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shownAs">Its name in messages.</param>
    public static string? Read(string path, string shownAs, ICollection<FileError> errors)
    {
        var start = new Place(shownAs, 1, 1);
        byte[] bytes;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.CanSeek && file.Length > LimitBytes)
            {
                errors.Add(TooLarge(start, FormattableString.Invariant($"the file has {file.Length / 1048576.0:0.0} MB, the limit is 1 MB")));
                return null;
            }

            // A device or a pipe tells no length, so the limit is kept while reading as well.
            using var buffer = new MemoryStream();
            var chunk = new byte[64 * 1024];
            for (int read; (read = file.Read(chunk)) > 0;)
            {
                buffer.Write(chunk, 0, read);
                if (buffer.Length <= LimitBytes) continue;
                errors.Add(TooLarge(start, "the file has more than 1 MB"));
                return null;
            }

            bytes = buffer.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new FileError(shownAs, 0, 0, $"the file cannot be read: {e.Message.TrimEnd('.')}", "Check that it exists and that you may read it."));
            return null;
        }

        return Decode(bytes, start, errors);
    }

    private static FileError TooLarge(Place start, string message) => start.Error(message, "An experiment is a page of YAML; check that this is the file you meant.");

    private static string? Decode(byte[] bytes, Place start, ICollection<FileError> errors)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            errors.Add(start.Error("the file is UTF-16", "Save it as UTF-8."));
            return null;
        }

        ReadOnlySpan<byte> content = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes;
        var zero = content.IndexOf((byte)0);
        var invalid = FirstInvalid(content);
        if (zero >= 0 || invalid >= 0)
        {
            var at = zero >= 0 && (invalid < 0 || zero < invalid) ? zero : invalid;
            errors.Add(At(content, at, start).Error(
                zero >= 0 ? "the file is binary" : $"byte 0x{content[at]:X2} is not UTF-8",
                zero >= 0 ? "An experiment is YAML text; check that this is the file you meant." : "Save the file as UTF-8."));
            return null;
        }

        var text = Strict.GetString(content);
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsControl(text[i]) || text[i] is '\t' or '\n' or '\r' or '\u0085') continue;
            errors.Add(At(content, Strict.GetByteCount(text.AsSpan(0, i)), start)
                .Error($"control character 0x{(int)text[i]:X2} is not allowed", "Remove it; in a quoted text write it as an escape."));
            return null;
        }

        return text;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> content)
    {
        var at = 0;
        while (at < content.Length)
        {
            if (Rune.DecodeFromUtf8(content[at..], out _, out var used) != System.Buffers.OperationStatus.Done) return at;
            at += used;
        }

        return -1;
    }

    private static Place At(ReadOnlySpan<byte> content, int index, Place start)
    {
        var before = content[..index];
        var line = before.Count((byte)'\n') + 1;
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return start with { Line = line, Column = Encoding.UTF8.GetCharCount(before[lineStart..]) + 1 };
    }
}
