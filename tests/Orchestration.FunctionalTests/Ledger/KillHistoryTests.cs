using System.Diagnostics;
using Orchestration.Testing;

namespace Orchestration.FunctionalTests.Ledger;

/// <summary>The short form of the history check: a system of its own whose parts die and freeze under requests.</summary>
[Collection(nameof(KillHistoryTests))]
[CollectionDefinition(nameof(KillHistoryTests), DisableParallelization = true)]
public sealed class KillHistoryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    /// <summary>Each of the six parts is killed at least once, two of them together, and three are frozen.</summary>
    [Fact]
    public async Task Nothing_is_lost_or_counted_twice_when_parts_die_and_freeze()
    {
        var words = new LogTail(200);
        using var run = Process.Start(new ProcessStartInfo("dotnet", [Program(), "ledger", "--built", "--requests", "600", "--kills", "7", "--stops", "3", "--clients", "8", "--seed", "3"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            run.OutputDataReceived += (_, line) => words.Add(line.Data);
            run.ErrorDataReceived += (_, line) => words.Add(line.Data);
            run.BeginOutputReadLine();
            run.BeginErrorReadLine();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);

            run.ExitCode.ShouldBe(0, words.ToString());
            words.ToString().ShouldContain("lost 0, duplicated 0, counted otherwise 0");
        }
        finally
        {
            if (!run.HasExited)
                run.Kill(entireProcessTree: true);
        }
    }

    private static string Program() => Path.Combine(
        RepositoryRoot.Path, "artifacts", "bin", "Orchestration.Benchmarks", new DirectoryInfo(AppContext.BaseDirectory).Name, "Orchestration.Benchmarks.dll");
}
