using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestration.FunctionalTests;

/// <summary>The admin API as an operator's script uses it: REST with the admin key.</summary>
public sealed class AdminApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _client;

    public AdminApi(SystemEndpoints endpoints)
    {
        _client = new HttpClient { BaseAddress = new Uri(endpoints.GatewayAdmin) };
        _client.DefaultRequestHeaders.Authorization = new("Bearer", endpoints.AdminKey);
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(path, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsAsync(cancellationToken);
    }

    public async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsJsonAsync(path, body, cancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(cancellationToken));
        return await response.Content.ReadAsAsync(cancellationToken);
    }

    /// <summary>The ledger's row of a request, once it is complete with all its attempts.</summary>
    public Task<JsonElement> SettledRequestAsync(string requestId, CancellationToken cancellationToken) =>
        PollAsync(
            $"/admin/v1/requests/{requestId}",
            row => row.TryGetProperty("completedAt", out var at) && at.ValueKind != JsonValueKind.Null
                && row.GetProperty("attempts").EnumerateArray().All(attempt => attempt.GetProperty("outcome").GetString() != "ATTEMPT_OUTCOME_UNSPECIFIED"),
            cancellationToken);

    /// <summary>Asks until the answer satisfies a condition; fails with the last answer when it never does.</summary>
    public async Task<JsonElement> PollAsync(string path, Func<JsonElement, bool> condition, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var last = "no answer";
        while (!patience.IsCancellationRequested)
        {
            using var response = await _client.GetAsync(path, cancellationToken);
            last = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK && JsonDocument.Parse(last).RootElement is var answer && condition(answer))
                return answer;

            await Task.Delay(100, cancellationToken);
        }

        throw new TimeoutException($"{path} never answered as expected. Last answer: {last}");
    }

    public void Dispose() => _client.Dispose();
}
