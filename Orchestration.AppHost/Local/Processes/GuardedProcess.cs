using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Orchestration.AppHost.Local.Processes;

/// <summary>A process in a group of its own that ends, with all its group, when the lock it was started under is released.</summary>
internal sealed class GuardedProcess
{
    private readonly Process _process;
    private readonly GuardedCommand _command;

    private GuardedProcess(Process process, GuardedCommand command, Task output)
    {
        _process = process;
        _command = command;
        Completion = CompleteAsync(output);
    }

    public int Id => _process.Id;

    /// <summary>The exit code, once the process has ended and its output is read. A signal n counts as 128 + n.</summary>
    public Task<int> Completion { get; }

    public static GuardedProcess Start(GuardedCommand command, LifeLock life, Action<string> onLine)
    {
        var redirect = command.LogFile is null;
        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = command.WorkingDirectory,
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
        };
        foreach (var argument in GuardArguments(command, life))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in command.Environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new InvalidOperationException($"Cannot run setsid (package util-linux) for {command.FileName}: {failure.Message}", failure);
        }

        var output = redirect
            ? Task.WhenAll(ReadAsync(process.StandardOutput, onLine), ReadAsync(process.StandardError, onLine))
            : Task.CompletedTask;
        return new(process, command, output);
    }

    /// <summary>Asks for an orderly end, and kills the whole group when it has not come in time.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (Completion.IsCompleted)
            return;
        UnixSignals.Send(Id, _command.StopSignal);
        if (await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(grace)) is { } first && !_process.HasExited)
        {
            await first;
            Kill();
        }
        await Completion;
    }

    public void Kill()
    {
        if (!Completion.IsCompleted)
            UnixSignals.SendToGroup(Id, UnixSignals.Kill);
    }

    private static IEnumerable<string> GuardArguments(GuardedCommand command, LifeLock life) =>
    [
        "sh",
        Path.Combine(AppContext.BaseDirectory, "guard.sh"),
        life.Path,
        command.StopSignal == UnixSignals.Interrupt ? "INT" : "TERM",
        ((int)command.Grace.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        command.LogFile ?? "-",
        command.RemoveAtEnd ?? "-",
        command.FileName,
        .. command.Arguments,
    ];

    private static async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
            onLine(line);
    }

    private async Task<int> CompleteAsync(Task output)
    {
        await _process.WaitForExitAsync();
        // A grandchild may hold the pipe open; what it still says is not worth waiting for.
        await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }
}
