using Microsoft.Extensions.DependencyInjection;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Health;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

/// <summary>
/// A service of its own for one group of faults, with real keys for the scripted provider, so that nothing else runs on it while a test
/// looks whether everything came back.
/// </summary>
public class FaultsFixture : IAsyncLifetime
{
    public const string KeyCanary = "canary-key-8c1f77";
    public const string PromptCanary = "canary-prompt-27d4";

    private static readonly string[] KeyVariables = ["OPENAI_API_KEY", "MISTRAL_API_KEY", "XAI_API_KEY", "GROQ_API_KEY", "ANTHROPIC_API_KEY", "IFLYTEK_API_KEY"];

    public ProvidersFixture Service { get; } = new();

    public ScriptedUpstream Upstream => Service.Upstream;

    internal CapturedLog Log { get; } = new();

    internal DeploymentStates Health => Service.Services.GetRequiredService<DeploymentStates>();

    internal KeyPools Keys => Service.Services.GetRequiredService<KeyPools>();

    public async ValueTask InitializeAsync()
    {
        FaultMetrics.Start();
        foreach (var variable in KeyVariables) Service.Settings[variable] = $"sk-{KeyCanary}-{variable}";
        Service.Settings["Logging:LogLevel:Default"] = "Debug";
        Service.Settings["Egress:AllowedHosts:0"] = $"127.0.0.1:{Upstream.Port}";
        Service.Log = Log;
        await PrepareAsync();
        await Service.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits until nothing of any request is left: executions, keys, connections; fails after five seconds.</summary>
    internal async Task ReturnsToBaselineAsync()
    {
        var executions = Service.Services.GetRequiredService<ExecutionRegistry>();
        for (var tries = 0; tries < 250 && Held() != default; tries++) await Task.Delay(20, TestContext.Current.CancellationToken);
        Held().ShouldBe(default);

        (int Executions, int Keys, int Upstream, int Client) Held() =>
            (executions.Count, Keys.Views().Sum(v => v.Key.InFlight), Upstream.Busy, FaultMetrics.ActiveConnections(Upstream.Port));
    }

    /// <summary>What was logged since the last time; neither key nor prompt stands in it.</summary>
    internal IReadOnlyList<string> LogsNoSecret()
    {
        var lines = Log.Take();
        foreach (var line in lines)
        {
            line.ShouldNotContain(KeyCanary);
            line.ShouldNotContain(PromptCanary);
        }

        return lines;
    }

    protected virtual ValueTask PrepareAsync() => ValueTask.CompletedTask;

    protected virtual ValueTask CleanAsync() => ValueTask.CompletedTask;
}
