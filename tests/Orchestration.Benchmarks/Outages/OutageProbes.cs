using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Orchestration.Benchmarks.Measuring;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Outages;

/// <summary>Asks, while a part is away, what must go on without it and what must be refused: life, readiness, a key that was never met, an idempotency key, a change by an operator.</summary>
internal sealed partial class OutageProbes(SystemUnderTest system, OutageAccounts accounts, string unmet, string model) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly HttpClient _client = new() { BaseAddress = system.Gateway, Timeout = Patience };
    private readonly HttpClient _admin = OutageAccounts.AdminOf(system);
    private readonly Dictionary<string, Dictionary<string, int>> _answers = [];

    /// <summary>Times of <c>/alive</c>.</summary>
    public Samples Alive { get; } = new();

    /// <summary>Longest wait for an answer of each kind, in milliseconds.</summary>
    public Dictionary<string, double> Longest { get; } = [];

    /// <summary>How often each kind got which answer.</summary>
    public IReadOnlyDictionary<string, Dictionary<string, int>> Answers => _answers;

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        AgainAsync("alive", () => GetAsync("/alive"), stop),
        AgainAsync("health", () => GetAsync("/health"), stop),
        AgainAsync("unmet key", () => AskAsync(unmet, idempotent: false), stop),
        AgainAsync("idempotency key", () => AskAsync(accounts.Free, idempotent: true), stop),
        AgainAsync("admin change", ChangeAsync, stop));

    public void Dispose()
    {
        _client.Dispose();
        _admin.Dispose();
    }

    private async Task AgainAsync(string kind, Func<Task<string>> ask, CancellationToken stop)
    {
        var answers = _answers[kind] = [];
        while (!stop.IsCancellationRequested)
        {
            var sent = TimeProvider.System.GetTimestamp();
            string answer;
            try
            {
                answer = await ask();
            }
            catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException or IOException)
            {
                answer = "no answer";
            }

            var took = TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds;
            if (kind == "alive")
                Alive.Add(took);
            Longest[kind] = Math.Max(Longest.GetValueOrDefault(kind), took);
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
            await Task.Delay(Interval, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string> GetAsync(string path)
    {
        using var response = await _client.GetAsync(path, CancellationToken.None);
        return $"{(int)response.StatusCode}";
    }

    private async Task<string> AskAsync(string key, bool idempotent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"{{model}}","max_tokens":16,"messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotent)
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var response = await _client.SendAsync(request, CancellationToken.None);
        return await DescribeAsync(response);
    }

    private async Task<string> ChangeAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        using var response = await _admin.PostAsJsonAsync(
            $"/admin/v1/tenants/{accounts.FreeTenant}/projects", new { projectId = $"p-{Guid.CreateVersion7():N}", name = "Measured" }, limit.Token);
        return await DescribeAsync(response);
    }

    private static async Task<string> DescribeAsync(HttpResponseMessage response) => response.IsSuccessStatusCode
        ? "200"
        : $"{(int)response.StatusCode} {Code().Match(await response.Content.ReadAsStringAsync(CancellationToken.None)).Value}".TrimEnd();

    [GeneratedRegex("(?<=\"code\":\\s?\")[A-Za-z_]+")]
    private static partial Regex Code();
}
