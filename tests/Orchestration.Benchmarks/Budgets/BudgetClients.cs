using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestration.Benchmarks.Budgets;

/// <summary>Clients that spend: any key, any gateway, streamed or not, with and without a limit of the answer, until the tenant is spent.</summary>
internal sealed partial class BudgetClients(BudgetsPlan plan, IReadOnlyList<BudgetedTenant> tenants, Func<IReadOnlyList<Uri>> gateways) : IDisposable
{
    private const int MostWords = 60;
    private const int MostTokens = 60;

    /// <summary>No request may run as long as recovery waits: one that it settled as never begun would begin after that.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(300);
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Deadline };
    private readonly ConcurrentQueue<BudgetRefusal> _refusals = [];
    private readonly ConcurrentDictionary<string, int> _others = new();
    private readonly ConcurrentDictionary<string, long> _lastAnswer = new();
    private int _answered;

    public IReadOnlyCollection<BudgetRefusal> Refusals => _refusals;

    /// <summary>Answers that are neither whole nor a refusal by a budget.</summary>
    public IReadOnlyDictionary<string, int> Others => _others;

    public int Answered => _answered;

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, plan.Clients).Select(client => Task.Run(() => SpendAsync(client, stop), CancellationToken.None)));

    /// <summary>How long ago a request was last let in, on any account.</summary>
    public TimeSpan SinceLastAnswer => _lastAnswer.Values.Select(at => TimeProvider.System.GetElapsedTime(at)).DefaultIfEmpty(TimeSpan.Zero).Min();

    public void Dispose() => _client.Dispose();

    private async Task SpendAsync(int client, CancellationToken stop)
    {
#pragma warning disable CA5394 // Which question is asked is no secret, and it must be repeatable.
        var random = new Random(plan.Seed + client);
        while (!stop.IsCancellationRequested)
        {
            var tenant = tenants[random.Next(tenants.Count)];
            var key = KeyOf(tenant, random.Next(tenant.Keys.Sum(candidate => candidate.Weight)));
            var reachable = gateways();
            if (!await AskAsync(tenant, key, reachable[random.Next(reachable.Count)], BodyOf(random)))
                await Task.Delay(ShortestPause * (1 + random.NextDouble()), TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private string BodyOf(Random random)
    {
        var prompt = string.Join(' ', Enumerable.Repeat("word", random.Next(1, MostWords)));
        var limit = random.Next(5) < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $"\"max_tokens\":{random.Next(4, MostTokens)},");
        return $$"""{"model":"{{plan.Model}}",{{limit}}"stream":{{(random.Next(2) == 0 ? "true" : "false")}},"messages":[{"role":"user","content":"{{prompt}}"}]}""";
    }
#pragma warning restore CA5394

    private static BudgetedKey KeyOf(BudgetedTenant tenant, int drawn)
    {
        foreach (var key in tenant.Keys)
        {
            if (drawn < key.Weight)
                return key;
            drawn -= key.Weight;
        }

        return tenant.Keys[^1];
    }

    /// <summary>False when the client should wait before it asks again.</summary>
    private async Task<bool> AskAsync(BudgetedTenant tenant, BudgetedKey key, Uri gateway, string body)
    {
        var sent = TimeProvider.System.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "/v1/chat/completions")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Secret);
        request.Headers.Add("x-orchestration-deadline-ms", Deadline.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        try
        {
            using var response = await _client.SendAsync(request, CancellationToken.None);
            var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
            if (response.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref _answered);
                _lastAnswer[tenant.Id] = TimeProvider.System.GetTimestamp();
                return true;
            }

            var error = JsonDocument.Parse(text).RootElement.GetProperty("error");
            var code = error.GetProperty("code").GetString() ?? "";
            var message = error.GetProperty("message").GetString() ?? "";
            if (response.StatusCode == HttpStatusCode.TooManyRequests && WorstCase().Match(message) is { Success: true } worst)
                _refusals.Enqueue(new BudgetRefusal(tenant, key, sent, TimeProvider.System.GetUtcNow(), decimal.Parse(worst.ValueSpan, CultureInfo.InvariantCulture), message));
            else
                Count($"{(int)response.StatusCode} {code}");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            Count("no answer");
        }

        return false;
    }

    private void Count(string answer) => _others.AddOrUpdate(answer, 1, static (_, count) => count + 1);

    [GeneratedRegex("(?<=may cost )[0-9.]*[0-9]")]
    private static partial Regex WorstCase();
}

/// <summary>A request that a budget refused.</summary>
/// <param name="Tenant">Whose it was.</param>
/// <param name="Key">By which it was sent.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="Heard">When its refusal was read.</param>
/// <param name="WorstCase">What it might have cost.</param>
/// <param name="Message">What the client was told.</param>
internal sealed record BudgetRefusal(BudgetedTenant Tenant, BudgetedKey Key, DateTimeOffset Sent, DateTimeOffset Heard, decimal WorstCase, string Message);
