using Chaos.Load.Processes;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Chaos.Load.External;

/// <summary>Fetches what a client needs, once, whoever asks for it at the same time.</summary>
internal static class InstallStep
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);

    /// <param name="stamp">File that the command leaves behind.</param>
    /// <param name="inputs">Files that the stamp must not be older than.</param>
    public static async Task RunAsync(string folder, IReadOnlyList<string> command, string stamp, IReadOnlyList<string> inputs, CancellationToken cancel)
    {
        if (IsCurrent(folder, stamp, inputs)) return;
        using var held = await LockAsync(folder, cancel).ConfigureAwait(false);
        // Another process may have done it while this one waited.
        if (IsCurrent(folder, stamp, inputs)) return;
        await ExecuteAsync(folder, command, cancel).ConfigureAwait(false);
        var made = Path.Combine(folder, stamp);
        if (!File.Exists(made))
            throw new InvalidOperationException($"`{string.Join(' ', command)}` in {folder} succeeded but left no {stamp} behind.");
        // npm keeps the time of files it did not need to touch.
        File.SetLastWriteTimeUtc(made, TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    private static bool IsCurrent(string folder, string stamp, IReadOnlyList<string> inputs)
    {
        var made = Path.Combine(folder, stamp);
        if (!File.Exists(made)) return false;
        var madeAt = File.GetLastWriteTimeUtc(made);
        return inputs.All(input => File.GetLastWriteTimeUtc(Path.Combine(folder, input)) <= madeAt);
    }

    private static async Task<FileStream> LockAsync(string folder, CancellationToken cancel)
    {
        // Outside of the folder: the command may empty it. One name a folder, whatever path led there.
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..16];
        var path = Path.Combine(Path.GetTempPath(), $"chaos-install-{id}.lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Held by another process, which lets go of it when it is done or dies.
                await Task.Delay(LockPoll, cancel).ConfigureAwait(false);
            }
        }
    }

    private static async Task ExecuteAsync(string folder, IReadOnlyList<string> command, CancellationToken cancel)
    {
        var program = ExternalClient.Program(command[0]);
        var start = new ProcessStartInfo(program, command.Skip(1))
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var said = new LineTail();
        process.OutputDataReceived += (_, e) => said.Add(e.Data);
        process.ErrorDataReceived += (_, e) => said.Add(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
            throw new InvalidOperationException($"`{string.Join(' ', command)}` in {folder} failed with exit code {process.ExitCode}:\n{said}");
    }
}
