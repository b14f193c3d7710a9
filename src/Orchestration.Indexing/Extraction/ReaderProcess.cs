using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Orchestration.Indexing.Extraction;

/// <summary>Reads a file in a process of its own, which is ended when it takes too long.</summary>
internal sealed class ReaderProcess(IOptions<ExtractionOptions> options, TimeProvider time)
{
    private const int Killed = 137;
    private static readonly string[] Kept = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "DOTNET_ROOT", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"];

    /// <exception cref="IOException">The process was ended by somebody else; the file may be as good as any.</exception>
    public async Task<ExtractionResult> ReadAsync(SourceFile file, SourceFormat format, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var process = Start();
        try
        {
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, either.Token);
            var answer = ReadAnswerAsync(process.StandardOutput.BaseStream, either.Token);
            await WriteAsync(process.StandardInput.BaseStream, new ReaderTask(format, file.Name, file.MediaType, options.Value), file.Bytes, either.Token);
            var answered = await answer;
            await errors;
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == Killed ? throw new IOException("The reading process was killed.") : Result(process.ExitCode, answered);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return FileReading.Unreadable(UnreadableFile.TooSlow(options.Value.Timeout));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(Runtime())
        {
            ArgumentList = { "exec", typeof(ReaderProcess).Assembly.Location, ReaderProgram.Verb },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var name in Kept)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        }

        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = ((long)options.Value.MaxMemoryMegabytes * 1024 * 1024).ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
#pragma warning disable RS0030 // The one program that a service starts: itself, to read a stranger's file apart from everything else.
        return Process.Start(start) ?? throw new InvalidOperationException("The reading process did not start.");
#pragma warning restore RS0030
    }

    // The runtime that runs this process lies at {root}/shared/{framework}/{version}.
    private static string Runtime()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var runtime = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(runtime) ? runtime : "dotnet";
    }

    private static async Task WriteAsync(Stream input, ReaderTask task, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(task, ReaderJsonContext.Default.ReaderTask), cancellationToken);
            await input.WriteAsync("\n"u8.ToArray(), cancellationToken);
            await input.WriteAsync(bytes, cancellationToken);
            input.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything; its exit code says how.
        }
    }

    private async Task<byte[]> ReadAnswerAsync(Stream output, CancellationToken cancellationToken)
    {
        // Six bytes is the most that JSON makes of one character.
        var most = 4_096 + (options.Value.MaxTextCharacters * 6L);
        using var answer = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await output.ReadAsync(buffer, cancellationToken)) > 0 && answer.Length <= most;)
            answer.Write(buffer, 0, read);
        return answer.ToArray();
    }

    private static ExtractionResult Result(int exitCode, byte[] answered)
    {
        if (exitCode != 0 || answered.Length == 0)
            return FileReading.Unreadable(UnreadableFile.Crashed());
        var answer = JsonSerializer.Deserialize(answered, ReaderJsonContext.Default.ReaderAnswer)!;
        return answer.Text is not null
            ? new ExtractionResult.Extracted(answer.Text, answer.Title ?? "")
            : new ExtractionResult.Unreadable(answer.Code!, answer.Reason!);
    }
}
