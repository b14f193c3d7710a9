using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Reads the ledger as an operator would, over the admin API.</summary>
internal sealed class LedgerReader : IDisposable
{
    private readonly Func<Uri> _admin;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };

    public LedgerReader(Func<Uri> admin, string key)
    {
        _admin = admin;
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Every request with its attempts.</summary>
    public async Task<List<LedgerRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = new List<LedgerRow>();
        var token = "";
        do
        {
            var page = await GetAsync($"/admin/v1/requests?pageSize=200&pageToken={Uri.EscapeDataString(token)}", cancellationToken);
            foreach (var request in Items(page, "requests"))
                rows.Add(Row(await GetAsync($"/admin/v1/requests/{request.GetProperty("requestId").GetString()}", cancellationToken)));
            token = Text(page, "nextPageToken");
        }
        while (token.Length > 0);
        return rows;
    }

    public void Dispose() => _client.Dispose();

    private Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        _client.GetFromJsonAsync<JsonElement>(new Uri(_admin(), path), cancellationToken);

    private static LedgerRow Row(JsonElement request) => new(
        Text(request, "requestId"),
        Text(request, "traceId"),
        request.TryGetProperty("completedAt", out var completed) && completed.ValueKind == JsonValueKind.String,
        [.. Items(request, "attempts").Select(Attempt)]);

    private static LedgerAttempt Attempt(JsonElement attempt)
    {
        var usage = attempt.TryGetProperty("usage", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new LedgerAttempt(
            Text(attempt, "attemptId"),
            Text(attempt, "outcome"),
            Number(usage, "inputTokens") + Number(usage, "cacheReadTokens") + Number(usage, "cacheWriteTokens"),
            Number(usage, "outputTokens") + Number(usage, "reasoningTokens"));
    }

    private static List<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    /// <summary>64-bit numbers are strings in protobuf's JSON.</summary>
    private static long Number(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value))
            return 0;
        return value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString() ?? "0", CultureInfo.InvariantCulture) : value.GetInt64();
    }
}

internal sealed record LedgerRow(string RequestId, string TraceId, bool Completed, IReadOnlyList<LedgerAttempt> Attempts);

internal sealed record LedgerAttempt(string AttemptId, string Outcome, long Input, long Output);
