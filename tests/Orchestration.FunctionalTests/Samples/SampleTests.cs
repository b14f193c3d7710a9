namespace Orchestration.FunctionalTests.Samples;

/// <summary>The programs of the folder samples against the whole system, as somebody runs them who has just cloned it.</summary>
public sealed class SampleTests(SystemFixture system)
{
    private static readonly Lazy<Task> Packages = new(InstallPackagesAsync);

    public static TheoryData<string> Names => [.. Sample.All.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Sample_streams_an_answer_and_prints_its_usage(string name)
    {
        var sample = await RunnableAsync(name);

        var run = await RunAsync(sample, system.Endpoints.DevelopmentKey);

        run.ExitCode.ShouldBe(0, run.ToString());
        run.Output.ShouldContain("usage", customMessage: run.ToString());
        run.Output.Split('\n')[0].Length.ShouldBeGreaterThan(10, run.ToString());
        if (sample.CallsTool)
            run.Output.ShouldContain("tool: weather(", customMessage: run.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Sample_says_that_its_key_was_refused(string name)
    {
        var sample = await RunnableAsync(name);

        var run = await RunAsync(sample, "sk-orc_dev_nobody");

        run.ExitCode.ShouldBe(1, run.ToString());
        (run.Output + run.Errors).ShouldContain("API key is not known", customMessage: run.ToString());
        run.Output.ShouldNotContain("usage:");
    }

    private async Task<SampleRun> RunAsync(Sample sample, string key) => await SampleRun.OfAsync(
        sample.Directory,
        sample.Command,
        new Dictionary<string, string>
        {
            ["ORCHESTRATION_URL"] = sample.Grpc ? system.Endpoints.GatewayGrpc : system.Endpoints.GatewayHttp,
            ["ORCHESTRATION_KEY"] = key,
        },
        Cancellation);

    // A sample that this machine cannot run is reported as skipped, never as passed.
    private static async Task<Sample> RunnableAsync(string name)
    {
        var sample = Sample.All[name];
        if (sample.MissingTool is { } missing)
            Assert.Skip($"'{missing}' is not on this machine.");
        if (sample.PythonPackage is { } package)
            await NeedPythonPackageAsync(sample, package);
        if (sample.Npm)
            await Packages.Value;
        return sample;
    }

    private static async Task NeedPythonPackageAsync(Sample sample, string package)
    {
        // Without a cache of byte code beside the source.
        var compiled = await SampleRun.OfAsync(
            sample.Directory, ["python3", "-c", "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')", sample.Command[1]], NoSettings, Cancellation);
        compiled.ExitCode.ShouldBe(0, compiled.ToString());
        var imported = await SampleRun.OfAsync(sample.Directory, ["python3", "-c", $"import {package}"], NoSettings, Cancellation);
        if (imported.ExitCode != 0)
            Assert.Skip($"The Python package '{package}' is not on this machine; the program was compiled and not run.");
    }

    // The list of what is installed is written last.
    private static async Task InstallPackagesAsync()
    {
        var directory = Sample.All["javascript/openai"].Directory;
        var (locked, installed) = (Path.Combine(directory, "package-lock.json"), Path.Combine(directory, "node_modules", ".package-lock.json"));
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(locked))
            return;
        var install = await SampleRun.OfAsync(directory, ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], NoSettings, CancellationToken.None);
        install.ExitCode.ShouldBe(0, install.ToString());
    }

    private static IReadOnlyDictionary<string, string> NoSettings { get; } = new Dictionary<string, string>();
}
