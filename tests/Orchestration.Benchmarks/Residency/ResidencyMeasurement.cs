using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Residency;

/// <summary>Runs the same load twice: bound, where nothing may connect abroad, and unbound, which shows that it would.</summary>
internal sealed class ResidencyMeasurement(int requests, int control, int clients)
{
    private static readonly string[] Faults = ["429", "500", "cut", "rst", "error-in-200", "empty", "html502", "overload", "balance", "filter", "slow@0=150", "no-finish"];

    private static readonly (string Path, string Body)[] Asked =
    [
        ("v1/chat/completions", """{"model":"auto","stream":true,"max_tokens":64,"messages":[{"role":"user","content":"Where is my parcel?"}]}"""),
        ("v1/chat/completions", """{"model":"auto","max_tokens":64,"messages":[{"role":"user","content":"我的包裹在哪里？"}]}"""),
        ("v1/chat/completions", """{"model":"alibaba/qwen3-max","stream":true,"max_tokens":64,"messages":[{"role":"user","content":"Where is my parcel?"}]}"""),
        ("v1/chat/completions", """{"model":"openai/gpt-4.1-mini","max_tokens":64,"messages":[{"role":"user","content":"Where is my parcel?"}]}"""),
        ("v1/embeddings", """{"model":"vectors","input":["Where is my parcel?","我的包裹在哪里？"]}"""),
        ("v1/rerank", """{"model":"ranks","query":"parcel","documents":["Your parcel is here.","Opening hours."]}"""),
    ];

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var bound = await LoadAsync(requests, bound: true, cancellationToken);
        var unbound = control > 0 ? await LoadAsync(control, bound: false, cancellationToken) : null;
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("answer", "bound", "unbound");
        foreach (var answer in bound.Answers.Keys.Union(unbound?.Answers.Keys ?? []).Order())
            table.AddRow(Markup.Escape(answer), $"{bound.Answers.GetValueOrDefault(answer)}", $"{unbound?.Answers.GetValueOrDefault(answer) ?? 0}");
        table.AddRow("connections abroad", $"{bound.Abroad}", $"{unbound?.Abroad ?? 0}");
        AnsiConsole.Write(table);

        var verdict = new Verdict("residency");
        verdict.Add($"{requests} requests of a bound tenant, {bound.Abroad} connections abroad");
        verdict.Require(bound.Abroad == 0, "A bound tenant's request connected abroad.");
        verdict.Require(bound.Answers.GetValueOrDefault("200") > requests / 4, "Most requests failed, so little was proved.");
        if (unbound is not null)
        {
            verdict.Add($"unbound {control} requests, {unbound.Abroad} connections abroad");
            verdict.Require(unbound.Abroad > 0, "The control went nowhere abroad either: the proof proves nothing.");
        }

        return verdict.Close();
    }

    private async Task<LoadCount> LoadAsync(int count, bool bound, CancellationToken cancellationToken)
    {
        await using var canary = new Canary();
        var (simulator, address) = await SimulatorProcess.StartAsync(cancellationToken);
        await using var ended = simulator;
        var policy = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(policy, ResidencyPolicy.Yaml(canary.Address, address, bound), cancellationToken);
            await using var system = await SystemUnderTest.StartAsync(new Dictionary<string, string> { ["Routing__PolicyFile"] = policy }, cancellationToken);
            using var trouble = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var faults = bound ? TroubleAsync(address, trouble.Token) : Task.CompletedTask;
            var answers = await AskAsync(system, count, cancellationToken);
            await trouble.CancelAsync();
            await faults.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new LoadCount(answers, canary.Connections);
        }
        finally
        {
            File.Delete(policy);
        }
    }

    private async Task<ConcurrentDictionary<string, int>> AskAsync(SystemUnderTest system, int count, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = system.Gateway, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", system.DevelopmentKey);
        var answers = new ConcurrentDictionary<string, int>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = clients, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, count), options, async (i, token) =>
        {
            var (path, body) = Asked[i % Asked.Length];
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await client.PostAsync(path, content, token);
            await response.Content.ReadAsStringAsync(token);
            answers.AddOrUpdate($"{(int)response.StatusCode}", 1, (_, seen) => seen + 1);
        });
        return answers;
    }

    // Faults at home, now and then at several places at once, so that only abroad would answer.
    private static async Task TroubleAsync(Uri simulator, CancellationToken cancellationToken)
    {
        using var admin = new SimulatorAdmin(simulator);
        var random = new Random(20261122);
        while (true)
        {
            foreach (var model in ResidencyPolicy.Home.Where(_ => random.NextDouble() < 0.2))
                await admin.FaultAsync(model, Faults[random.Next(Faults.Length)], random.Next(1, 5), cancellationToken);
            await Task.Delay(random.Next(200, 800), cancellationToken);
        }
    }

    private sealed record LoadCount(ConcurrentDictionary<string, int> Answers, int Abroad);
}
