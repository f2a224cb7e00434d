using System.Buffers;

namespace Chaos.Client.Sockets;

/// <summary>Takes one input to the machine.</summary>
internal delegate void MailHandler(in Mail mail);

/// <summary>The loop of a client: one input at a time, on no thread of its own, until the client was told to stop and its machine has finished.</summary>
internal static class MailLoop
{
    /// <param name="mailbox">Where inputs come from; completed at the end.</param>
    /// <param name="shell">What carries the machine's actions out; disposed at the end.</param>
    /// <param name="isFinished">Whether the machine has ended and no socket of it is left.</param>
    /// <param name="nextDue">When the machine wants to be called again.</param>
    /// <param name="handle">Takes an input.</param>
    public static async Task RunAsync(Mailbox mailbox, Shell shell, Func<bool> isFinished, Func<TimeSpan> nextDue, MailHandler handle)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var stopping = false;
            while (!(stopping && isFinished()) && await mailbox.Reader.WaitToReadAsync())
            {
                while (mailbox.Reader.TryRead(out var mail))
                {
                    stopping |= mail.Kind == MailKind.Stop;
                    handle(mail);
                    if (mail.Pooled is not null)
                        ArrayPool<byte>.Shared.Return(mail.Pooled);
                    shell.WakeAt(nextDue(), mailbox.Now);
                }
            }
        }
        finally
        {
            mailbox.Complete();
            shell.Dispose();
        }
    }
}
