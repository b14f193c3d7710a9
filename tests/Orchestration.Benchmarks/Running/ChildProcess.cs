using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestration.Benchmarks.Running;

/// <summary>A process that this program started and ends: SIGTERM, a wait, and only then SIGKILL.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int RememberedLines = 60;
    private readonly Process _process;
    private readonly TimeSpan _grace;
    private readonly Queue<string> _lastWords = [];
    private readonly StreamWriter? _log;

    private ChildProcess(Process process, TimeSpan grace, StreamWriter? log)
    {
        _process = process;
        _grace = grace;
        _log = log;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string LastWords
    {
        get
        {
            lock (_lastWords)
                return string.Join(Environment.NewLine, _lastWords);
        }
    }

    public static ChildProcess Start(
        string program, IReadOnlyList<string> arguments, string directory, IReadOnlyDictionary<string, string> environment, TimeSpan grace,
        string? logFile = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var child = new ChildProcess(
            Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."), grace, logFile is null ? null : new StreamWriter(logFile) { AutoFlush = true });
        child._process.OutputDataReceived += (_, line) => child.Remember(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Remember(line.Data);
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(_process.Id, Terminate);
            using var patience = new CancellationTokenSource(_grace);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
        lock (_lastWords)
            _log?.Dispose();
    }

    public static void Signal(int pid, int signal)
    {
        if (SendSignal(pid, signal) != 0)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Signal {signal} to process {pid} failed."));
    }

    /// <summary>A signal to a process that may have ended.</summary>
    public static void TrySignal(int pid, int signal) => _ = SendSignal(pid, signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);

    private void Remember(string? line)
    {
        if (line is null)
            return;
        lock (_lastWords)
        {
            if (_log?.BaseStream.CanWrite is true)
                _log.WriteLine(line);
            _lastWords.Enqueue(line);
            if (_lastWords.Count > RememberedLines)
                _lastWords.Dequeue();
        }
    }
}
