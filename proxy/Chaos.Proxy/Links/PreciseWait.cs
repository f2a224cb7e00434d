using System.Runtime.InteropServices;

namespace Chaos.Proxy.Links;

/// <summary>
/// A wait that ends at a time with an error well below a millisecond, or early when signalled. The runtime's own timed
/// waits count in whole milliseconds and end 1 to 2 ms late, which is more than the delays they would have to make.
/// </summary>
internal abstract class PreciseWait : IDisposable
{
    public static PreciseWait Create() => OperatingSystem.IsLinux() && Environment.Is64BitProcess ? new LinuxWait() : new PortableWait();

    /// <summary>Called once on the thread that waits.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Waits until <paramref name="dueNs"/> (long.MaxValue: for ever) or a signal.</summary>
    public abstract void Wait(long dueNs);

    public abstract void Signal();

    public abstract void Dispose();

    /// <summary>ppoll on an eventfd: the kernel's high-resolution timers, and no spinning.</summary>
    private sealed class LinuxWait : PreciseWait
    {
        private const int Nonblocking = 0x800;
        private const int CloseOnExec = 0x80000;
        private const short PollIn = 1;
        private const int SetTimerSlack = 29;
        private const int BeforeOthers = -10;

        private readonly int _event = EventFd(0, Nonblocking | CloseOnExec);

        public LinuxWait()
        {
            if (_event < 0) throw new InvalidOperationException($"eventfd failed with error {Marshal.GetLastPInvokeError()}.");
        }

        public override void Prepare()
        {
            // The default slack lets the kernel end each wait up to 50 µs late.
            _ = Prctl(SetTimerSlack, 1, 0, 0, 0);
            // This thread alone (0: the caller) goes before others where the process may say so; else it stays as it is.
            _ = SetPriority(0, 0, BeforeOthers);
        }

        public override unsafe void Wait(long dueNs)
        {
            var poll = new PollFd { Fd = _event, Events = PollIn };
            if (dueNs == long.MaxValue) _ = PPoll(&poll, 1, null, null);
            else
            {
                var left = Math.Max(0, dueNs - Monotonic.NowNs);
                var timeout = new TimeSpec { Seconds = left / 1_000_000_000, Nanoseconds = left % 1_000_000_000 };
                _ = PPoll(&poll, 1, &timeout, null);
            }
            ulong count;
            if ((poll.Returned & PollIn) != 0) _ = Read(_event, &count, sizeof(ulong));
        }

        public override unsafe void Signal()
        {
            var one = 1UL;
            _ = Write(_event, &one, sizeof(ulong));
        }

        public override void Dispose() => _ = Close(_event);

        [StructLayout(LayoutKind.Sequential)]
        private struct PollFd
        {
            public int Fd;
            public short Events;
            public short Returned;
        }

        [StructLayout(LayoutKind.Sequential)]
        private struct TimeSpec
        {
            public long Seconds;
            public long Nanoseconds;
        }

        [DllImport("libc", EntryPoint = "eventfd", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int EventFd(uint initial, int flags);

        [DllImport("libc", EntryPoint = "ppoll"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern unsafe int PPoll(PollFd* fds, nuint count, TimeSpec* timeout, void* signals);

        [DllImport("libc", EntryPoint = "read"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern unsafe nint Read(int fd, void* buffer, nuint count);

        [DllImport("libc", EntryPoint = "write"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern unsafe nint Write(int fd, void* buffer, nuint count);

        [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Close(int fd);

        [DllImport("libc", EntryPoint = "setpriority"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int SetPriority(int which, int who, int priority);

        [DllImport("libc", EntryPoint = "prctl"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Prctl(int option, nuint a, nuint b, nuint c, nuint d);
    }

    /// <summary>Elsewhere: a coarse wait that ends 2 ms early, then yielding spins for the rest.</summary>
    private sealed class PortableWait : PreciseWait
    {
        private const long CoarseErrorNs = 2_000_000;
        private readonly ManualResetEventSlim _signal = new();

        public override void Wait(long dueNs)
        {
            if (dueNs == long.MaxValue) _signal.Wait();
            else
            {
                var coarseMs = (dueNs - Monotonic.NowNs - CoarseErrorNs) / 1_000_000;
                if (coarseMs > 0) _signal.Wait((int)Math.Min(coarseMs, int.MaxValue));
                var spin = default(SpinWait);
                while (!_signal.IsSet && Monotonic.NowNs < dueNs)
                    spin.SpinOnce(sleep1Threshold: -1);
            }
            _signal.Reset();
        }

        public override void Signal() => _signal.Set();

        public override void Dispose() => _signal.Dispose();
    }
}
